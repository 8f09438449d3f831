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
    ];

    private static string Json(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);

    private static string Line(string text) => text.Replace('\n', ' ');

    private static string Indent(string text) => text.Replace("\n", "\n  ", StringComparison.Ordinal);
}
