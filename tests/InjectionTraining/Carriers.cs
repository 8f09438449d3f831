using System.Globalization;
using System.Text.Encodings.Web;

namespace McpInfra.InjectionTraining;

/// <summary>A form in which text of others reaches an agent.</summary>
/// <param name="Name">Of the form.</param>
/// <param name="Form">With § where the text stands and numbers from # on.</param>
/// <param name="Escape">How the form writes the text.</param>
internal sealed record Carrier(string Name, string Form, Func<string, string> Escape)
{
    /// <summary>The text in the form, and where the part between two places of it stands then.</summary>
    public (string Made, int From, int To) Wrap(string text, int from, int to, Random random)
    {
        var form = Form;
        while (form.Contains('¤'))
        {
            var place = form.IndexOf('¤');
            form = form[..place] + random.Next(100, 99_999).ToString(CultureInfo.InvariantCulture) + form[(place + 1)..];
        }

        var hole = form.IndexOf('§');
        var (before, inside) = (Escape(text[..from]), Escape(text[from..to]));
        return (form[..hole] + before + inside + Escape(text[to..]) + form[(hole + 1)..], hole + before.Length, hole + before.Length + inside.Length);
    }
}

/// <summary>The forms that texts of our own are carried in.</summary>
internal static class Carriers
{
    private const int Column = 60;

    public static Carrier Bare { get; } = new("bare", "§", text => text);

    public static IReadOnlyList<Carrier> All { get; } =
    [
        new("tag", """{"Tags":[{"Key":"Name","Value":"app-¤"},{"Key":"note","Value":"§"}]}""", Json),
        new("tags-map", """{"id":"i-0a¤","tags":{"owner":"team-¤","comment":"§","cost-center":"¤"}}""", Json),
        new("tool-description", """{"name":"tool_¤","description":"§","inputSchema":{"type":"object","properties":{"id":{"type":"string"}}}}""", Json),
        new("parameter", """{"name":"get_¤","inputSchema":{"properties":{"query":{"type":"string","description":"§"}},"required":["query"]}}""", Json),
        new("issue", """{"number":¤,"title":"Fix","state":"open","body":"§","labels":["bug"]}""", Json),
        new("review", """{"path":"main.tf","line":¤,"user":{"login":"dev¤"},"body":"§"}""", Json),
        new("finding", """{"Findings":[{"Id":"¤","Title":"Port open","Description":"§","Severity":{"Label":"HIGH"}}]}""", Json),
        new("sarif", """{"ruleId":"CKV_¤","level":"error","message":{"text":"§"},"locations":[{"uri":"main.tf"}]}""", Json),
        new("arm", """{"type":"Microsoft.Storage/storageAccounts","name":"st¤","tags":{"description":"§"},"location":"westeurope"}""", Json),
        new("gcp", """{"selfLink":"https://compute.googleapis.com/v1/i¤","labels":{"a":"b"},"description":"§"}""", Json),
        new("k8s-event", """{"kind":"Event","reason":"Failed","message":"§","count":¤}""", Json),
        new("chat", """{"channel":"C¤","user":"U¤","text":"§","ts":"¤.1"}""", Json),
        new("arguments", """{"name":"search_resources","arguments":{"text":"§","limit":¤}}""", Json),
        new("output", """{"result":{"content":[{"type":"text","text":"§"}],"isError":false}}""", Json),
        new("annotation", "metadata:\n  name: app-¤\n  annotations:\n    description: \"§\"\n    revision: \"¤\"\n", Json),
        new("yaml-block", "name: job-¤\ndescription: |\n  §\nreplicas: 3\n", Indent),
        new("values", "# values of chart ¤\n# §\nreplicaCount: ¤\n", text => text.Replace("\n", "\n# ", StringComparison.Ordinal)),
        new("hcl-comment", "# §\nresource \"aws_s3_bucket\" \"b¤\" {\n  bucket = \"logs-¤\"\n}\n", text => text.Replace("\n", "\n# ", StringComparison.Ordinal)),
        new("hcl-description", "variable \"v¤\" {\n  description = \"§\"\n  type        = string\n}\n", Json),
        new("heredoc", "description = <<-EOT\n  §\nEOT\n", Indent),
        new("plan", "  # aws_instance.a¤ will be updated in-place\n  ~ resource \"aws_instance\" \"a\" {\n      ~ tags = {\n          + \"note\" = \"§\"\n        }\n    }\n\nPlan: 0 to add, 1 to change, 0 to destroy.\n", Json),
        new("state", """{"type":"aws_instance","instances":[{"attributes":{"ami":"ami-¤","user_data":"§"}}]}""", Json),
        new("log", "2026-03-¤T10:11:12Z INFO request id=¤ path=/a ua=\"§\" status=200\n", Line),
        new("syslog", "Mar  3 10:11:12 host-¤ sshd[¤]: §\n", Line),
        new("access-log", "10.0.0.¤ - - [03/Mar/2026:10:11:12 +0000] \"GET /?q=¤ HTTP/1.1\" 404 12 \"-\" \"§\"\n", Line),
        new("error", "Traceback (most recent call last):\n  File \"app.py\", line ¤, in <module>\nValueError: §\n", Line),
        new("commit", "commit ¤abcdef\nAuthor: dev <dev@example.com>\n\n    Update module\n\n    §\n", text => text.Replace("\n", "\n    ", StringComparison.Ordinal)),
        new("diff", "@@ -1,3 +1,4 @@\n resource \"x\" \"y¤\" {\n+  # §\n }\n", Line),
        new("readme", "# Module ¤\n\nCreates a bucket.\n\n§\n\n## Inputs\n", text => text),
        new("quote", "> §\n\nThanks for the report, see #¤.\n", text => text.Replace("\n", "\n> ", StringComparison.Ordinal)),
        new("table", "| Name | Owner | Note |\n|---|---|---|\n| app-¤ | team-¤ | § |\n", Line),
        new("csv", "id,name,note\n¤,app,\"§\"\n¤,web,ok\n", text => Line(text).Replace("\"", "\"\"", StringComparison.Ordinal)),
        new("html", "<html><body><h1>Status ¤</h1><p>§</p></body></html>", text => text),
        new("html-hidden", "<div class=\"a¤\"><span style=\"display:none\">§</span></div>", text => text),
        new("comment", "Healthy.\n<!-- § -->\nLast change: ¤ days ago\n", text => text),
        new("xml", "<item id=\"¤\"><title>Ticket</title><description>§</description></item>", text => text),
        new("ini", "[app¤]\nhost = db\n; §\nport = ¤\n", Line),
        new("env", "APP_ENV=prod\nNOTE=\"§\"\nPORT=¤\n", Line),
        new("sql", "SELECT id FROM t¤; -- §\n", Line),
        new("docker", "FROM alpine:3.¤\nLABEL note=\"§\"\nRUN apk add curl\n", Json),
        new("script", "#!/bin/bash\nset -e\n# §\nsystemctl restart app¤\n", Line),
        new("python", "def run(a):\n    \"\"\"§\"\"\"\n    return a + ¤\n", text => text),
        new("code-comment", "// §\npublic int Get() => ¤;\n", Line),
        new("mail", "From: a¤@example.com\nSubject: Re: ticket ¤\n\nHi,\n\n§\n\nBest regards\n", text => text),
        new("ticket", "TICKET-¤ [open] priority: high\nDescription: §\nAssignee: nobody\n", text => text),
        new("alert", "FIRING [1] HighLatency\nsummary: §\nrunbook: https://wiki.example.com/¤\n", Line),
        new("name", "bucket-¤ (§) eu-west-1 created 2026-02-03\n", Line),
        new("jira", "h2. Incident ¤\n*Reporter:* dev¤\n{panel}§{panel}\n|| Env || State ||\n| qa | open |\n", Line),
        new("confluence", "<p><ac:structured-macro ac:name=\"info\"><ac:rich-text-body>§</ac:rich-text-body></ac:structured-macro></p>", text => text),
        new("psql", "  id   |  name  | note\n-------+--------+------\n ¤ | app | §\n(1 row)\n", Line),
        new("mysql", "*************************** 1. row ***************************\n     id: ¤\n comment: §\n1 row in set (0.00 sec)\n", Line),
        new("kubectl-describe", "Name:         app-¤\nNamespace:    default\nAnnotations:  note: §\nEvents:\n  Type    Reason   Age  Message\n  Normal  Pulled   ¤s   Image present\n", Line),
        new("kubectl-events", "LAST SEEN   TYPE      REASON      OBJECT        MESSAGE\n¤s          Warning   BackOff     pod/app-¤     §\n", Line),
        new("configmap", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: motd-¤\ndata:\n  motd: |\n    §\n", text => text.Replace("\n", "\n    ", StringComparison.Ordinal)),
        new("helm-values", "image:\n  tag: \"1.¤\"\nnotes: '§'\nresources: {}\n", text => Line(text).Replace("'", "''", StringComparison.Ordinal)),
        new("helm-notes", "NAME: app-¤\nSTATUS: deployed\nREVISION: ¤\nNOTES:\n§\n", text => text),
        new("slack", """{"type":"message","user":"U¤","ts":"¤.0002","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"§"}}],"reactions":[]}""", Json),
        new("transcript", "[09:0¤] anna: is it up again?\n[09:1¤] bot-¤: §\n[09:1¤] anna: thanks\n", Line),
        new("yaml-folded", "ticket: ¤\nsummary: >-\n  §\nlabels: [infra, ops]\n", Indent),
        new("journal", "Mar 03 10:11:12 node-¤ app[¤]: level=info msg=\"§\" code=¤\n", text => Json(Line(text))),
        new("journal-json", """{"__REALTIME_TIMESTAMP":"17¤","_PID":"¤","PRIORITY":"6","MESSAGE":"§"}""", Json),
        new("nginx-error", "2026/03/03 10:11:12 [error] ¤#0: *¤ open() failed, client: 10.0.0.1, referrer: \"§\"\n", Line),
        new("json-lines", "{\"t\":¤,\"level\":\"info\",\"msg\":\"start\"}\n{\"t\":¤,\"level\":\"warn\",\"msg\":\"§\"}\n{\"t\":¤,\"level\":\"info\",\"msg\":\"end\"}\n", Json),
        new("graphql", """{"data":{"repository":{"pullRequest":{"number":¤,"bodyText":"§","reviews":{"totalCount":1}}}}}""", Json),
        new("aws-tags", """{"TagList":[{"ResourceArn":"arn:aws:rds:eu-west-1:¤:db:a","Tags":[{"Key":"purpose","Value":"§"}]}]}""", Json),
        new("cloudtrail", """{"eventName":"CreateTags","userIdentity":{"type":"IAMUser"},"requestParameters":{"tagSet":{"items":[{"key":"info","value":"§"}]}},"eventID":"¤"}""", Json),
        new("bicep", "resource st¤ 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n  name: 'st¤'\n  tags: {\n    note: '§'\n  }\n}\n", text => Line(text).Replace("'", "\\'", StringComparison.Ordinal)),
        new("cloudformation", "Resources:\n  Queue¤:\n    Type: AWS::SQS::Queue\n    Metadata:\n      Comment: \"§\"\n", Json),
        new("toml", "[package]\nname = \"app\"\nversion = \"0.¤.1\"\ndescription = \"\"\"§\"\"\"\n", text => text),
        new("protobuf-text", "resource {\n  id: ¤\n  labels { key: \"note\" value: \"§\" }\n}\n", Json),
        new("man", "APP(1)            User Commands            APP(1)\n\nNAME\n       app - tool ¤\n\nDESCRIPTION\n       §\n\nOPTIONS\n       -v     verbose\n", text => text.Replace("\n", "\n       ", StringComparison.Ordinal)),
        new("rfc", "4.¤.  Considerations\n\n   §\n\nAuthor                  Informational                  [Page ¤]\n", text => text.Replace("\n", "\n   ", StringComparison.Ordinal)),
        new("xml-config", "<configuration>\n  <appSettings>\n    <add key=\"Motd¤\" value=\"§\" />\n  </appSettings>\n</configuration>\n", text => Line(text).Replace("\"", "&quot;", StringComparison.Ordinal)),
        new("mail-thread", "On Tue, 3 Mar 2026, ops¤ wrote:\n> Any news?\n>\n> > §\n>\nSame here.\n", text => text.Replace("\n", "\n> > ", StringComparison.Ordinal)),
        new("mail-header", "Received: by mx¤.example.com\nX-Note: §\nSubject: Weekly report ¤\n\nSee attachment.\n", Line),
        new("calendar", "BEGIN:VEVENT\nUID:¤@example.com\nSUMMARY:Sync\nDESCRIPTION:§\nEND:VEVENT\n", text => text.Replace("\n", "\\n", StringComparison.Ordinal)),
        new("openapi", "paths:\n  /v1/items/¤:\n    get:\n      summary: Get an item\n      description: \"§\"\n", Json),
        new("openapi-json", """{"paths":{"/items":{"post":{"operationId":"create¤","description":"§","responses":{"200":{"description":"OK"}}}}}}""", Json),
        new("output-block", "output \"o¤\" {\n  value       = module.a.id\n  description = \"§\"\n}\n", Json),
        new("outputs", "Apply complete! Resources: ¤ added, 0 changed, 0 destroyed.\n\nOutputs:\n\nnotice = \"§\"\n", Json),
        new("check-block", "│ Warning: Check block assertion failed\n│\n│   on main.tf line ¤, in check \"c\":\n│\n│ §\n╵\n", text => text.Replace("\n", "\n│ ", StringComparison.Ordinal)),
        new("compose", "services:\n  web¤:\n    image: web:¤\n    labels:\n      info: \"§\"\n", Json),
        new("semicolon-csv", "host;owner;remark\nnode-¤;ops;§\nnode-¤;web;none\n", text => Line(text).Replace(';', ',')),
        new("tsv", "host\towner\tremark\nnode-¤\tops\t§\n", Line),
        new("alt", "<p>Overview</p><img src=\"/a¤.svg\" alt=\"§\"><p>Updated</p>", text => Line(text).Replace("\"", "&quot;", StringComparison.Ordinal)),
        new("title", "<a href=\"/r/¤\" title=\"§\">details</a>", text => Line(text).Replace("\"", "&quot;", StringComparison.Ordinal)),
        new("aria", "<button id=\"b¤\" aria-label=\"§\">OK</button>", text => Line(text).Replace("\"", "&quot;", StringComparison.Ordinal)),
        new("pdf", "Annual Report                                   Page ¤\n\f§\n\nConfidential                                    Page ¤\n", Wrapped),
        new("scan", "lNVOICE N0. ¤   Date: 03,03.2O26\n~ §\n_ Tota1: ¤.OO EUR |\n", Wrapped),
        new("wiki", "== Host ¤ ==\n'''Owner:''' [[User:Ops]]\n\n§\n\n[[Category:Hosts]]\n", text => text),
        new("rst", ".. note:: §\n\n   See also :doc:`setup-¤`.\n", Line),
        new("asciidoc", "= Service ¤\n\n[NOTE]\n====\n§\n====\n", text => text),
        new("details", "<details><summary>Log ¤</summary>\n\n§\n\n</details>\n", text => text),
        new("changelog", "## 1.¤.0\n\n- Fix restart loop\n- §\n- Bump dependencies\n", Line),
        new("junit", "<testcase name=\"t¤\"><failure message=\"failed\">§</failure></testcase>", text => text),
        new("ci-log", "##[group]Run make test\nok 1 - a\n§\n##[endgroup]\nProcess completed with exit code ¤.\n", Line),
        new("dns-txt", "_info.app¤.example.com. 300 IN TXT \"§\"\n", Line),
        new("package-json", """{"name":"lib-¤","version":"1.0.0","description":"§","license":"MIT"}""", Json),
        new("rego", "package main\n\n# METADATA\n# description: §\ndeny_¤[msg] { input.x }\n", Line),
        new("playbook", "- name: \"§\"\n  ansible.builtin.service:\n    name: app¤\n    state: restarted\n", Json),
        new("form", "Name: A. Tenant\nRequest no.: ¤\nRemarks: §\nDate: 03/03/2026\n", Line),
        new("survey", """{"response_id":¤,"answers":{"rating":4,"what_could_be_better":"§"}}""", Json),
        new("stringified", """{"statusCode":200,"body":"{\"id\":¤,\"note\":\"§\"}"}""", text => Json(Json(text))),
    ];

    private static string Json(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);

    private static string Line(string text) => text.Replace('\n', ' ');

    // As columns of paper are narrow.
    private static string Wrapped(string text)
    {
        var made = text.ToCharArray();
        for (int place = 0, start = 0; place < made.Length; place++)
        {
            if (made[place] == ' ' && place - start > Column)
            {
                made[place] = '\n';
                start = place;
            }
        }

        return new string(made);
    }

    private static string Indent(string text) => text.Replace("\n", "\n  ", StringComparison.Ordinal);
}
