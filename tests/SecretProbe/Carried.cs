namespace McpInfra.SecretProbe;

/// <summary>Carriers of a second round, written after everything that the first one showed was mended.</summary>
internal static class Carried
{
    public static IReadOnlyList<CarrierForm> All { get; } =
    [
        Form("kubeconfig", "users:\n- name: admin\n  user:\n    ¤: §\n"), Form("registry", "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme]\n\"¤\"=\"§\"\n", Quoted), Form("systemd", "[Service]\nEnvironment=\"¤=§\"\nExecStart=/usr/bin/app\n"),
        Form("systemd-plain", "[Service]\nEnvironment=¤=§\nRestart=always\n"), Form("curl-header", "curl -sS -H 'X-¤: §' https://api.example.com/v1/items\n"), Form("curl-form", "curl -X POST -d '¤=§&grant=code' https://id.example.com/token\n", Uri.EscapeDataString),
        Form("java", "    private static final String ¤ = \"§\";\n", Quoted), Form("go", "\tconst ¤ = \"§\" // prod\n", Quoted), Form("go-setenv", "\tos.Setenv(\"¤\", \"§\")\n", Quoted), Form("csharp", "services.Configure(o => o.¤ = \"§\");\n", Quoted), Form("ruby", "  ENV['¤'] = '§'\n"), Form("rust", "let ¤: &str = \"§\";\n", Quoted),
        Form("php-array", "    '¤' => '§',\n"), Form("kotlin", "val x = mapOf(\"¤\" to \"§\")\n", Quoted), Form("python-dict", "    {'¤': '§', 'debug': False}\n"), Form("python-kwarg", "client = Client(¤='§', timeout=3)\n"), Form("python-bytes", "¤ = b'§'\n"),
        Form("plan-output", "  # module.app.aws_ssm_parameter.this will be updated in-place\n  ~ resource \"x\" \"y\" {\n      ~ ¤ = \"§\" -> (known after apply)\n    }\n", Quoted), Form("tfvars", "¤        = \"§\"\n", Quoted), Form("outputs", "Outputs:\n\n¤ = \"§\"\n", Quoted), Form("heredoc", "user_data = <<-EOT\n    #!/bin/bash\n    export ¤=§\n  EOT\n"),
        Form("history", "  501  export ¤=§\n  502  ls -la\n"), Form("history-zsh", ": 1763900000:0;¤=§ ./deploy.sh\n"), Form("azure-pipelines", "variables:\n- name: ¤\n  value: §\n", Yaml), Form("gitlab-ci", "variables:\n  ¤: \"§\"\n", Quoted), Form("set-secret", "gh secret set ¤ --body '§'\n"), Form("aws-cli", "aws ssm put-parameter --name /prod/¤ --type SecureString --value '§'\n"),
        Form("describe-instance", "    \"Environment\": {\n        \"Variables\": {\n            \"¤\": \"§\"\n        }\n    }\n", Quoted), Form("docker-inspect", "            \"Env\": [\n                \"PATH=/usr/bin\",\n                \"¤=§\"\n            ],\n", Quoted), Form("compose-map", "    environment:\n      ¤: '§'\n"), Form("kube-env", "          env:\n            - { name: ¤, value: \"§\" }\n", Quoted),
        Form("string-data", "kind: Secret\nstringData:\n  ¤: §\n", Yaml), Form("log-json-nested", "{\"level\":\"debug\",\"ctx\":\"{\\\"headers\\\":{\\\"¤\\\":\\\"§\\\"}}\"}\n", text => Quoted(Quoted(text))), Form("log-kv", "level=debug msg=\"starting\" ¤=\"§\" port=8080\n", Quoted), Form("python-trace", "  File \"app.py\", line 3, in <module>\n    connect(¤=\"§\")\nConnectionError: refused\n", Quoted),
        Form("go-panic", "panic: dial: config{Host:\"db\", ¤:\"§\"}\n\ngoroutine 1 [running]:\n", Quoted), Form("csv", "name,value,updated\n¤,§,2026-01-02\n"), Form("markdown-list", "- **¤**: `§`\n"), Form("markdown-code", "Set `¤=§` before the first run.\n"), Form("html", "<li>¤: <code>§</code></li>\n", text => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)),
        Form("vault-kv", "vault kv put secret/app ¤=§\n"), Form("ansible", "    - name: configure\n      vars:\n        ¤: \"§\"\n", Quoted), Form("cmd", "set ¤=§\r\n"), Form("setx", "setx ¤ \"§\" /M\r\n"), Form("fish", "set -gx ¤ '§'\n"), Form("make", "export ¤ := §\n"), Form("nginx", "    proxy_set_header X-¤ \"§\";\n", Quoted), Form("spring", "spring.datasource.¤=§\n"), Form("json-camel", "{\"settings\":{\"¤\":{\"value\":\"§\",\"secret\":true}}}\n", Quoted),
        Form("bicep", "param ¤ string = '§'\n"), Form("arm", "\"parameters\": { \"¤\": { \"value\": \"§\" } }\n", Quoted), Form("pulumi", "config:\n  app:¤: §\n", Yaml), Form("commit", "-¤=§\n+¤=$(vault read -field=x y)\n"), Form("slack-message", "hey, the ¤ is § - don't share\n"), Form("jira", "||key||value||\n|¤|§|\n"), Form("xml-property", "<property name=\"¤\" value=\"§\"/>\n", text => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)),
    ];

    /// <summary>The same for values that tell by themselves, whatever holds them.</summary>
    public static IReadOnlyList<CarrierForm> Bare { get; } =
    [
        Form("bare-line", "§\n"), Form("argument", "deploy --auth § --region eu-west-1\n"), Form("prose", "He pasted § into the ticket by mistake.\n"), Form("url", "https://hooks.example.com/in/§/run\n"), Form("log", "2026-11-23T04:00:11Z WARN client: 401 from upstream for credential § (attempt 2)\n"), Form("list", "values:\n  - §\n  - other\n"), Form("json-array", "[\"a\",\"§\",\"b\"]\n", Quoted),
    ];

    /// <summary>Those that say by themselves that what they hold is a secret.</summary>
    public static IReadOnlyList<CarrierForm> OfSecrets { get; } = [Form("netrc", "machine api.example.com\n  login deploy\n  password §\n"), Form("curl-bearer", "curl -H \"Authorization: Bearer §\" https://api.example.com/v1/items\n"), Form("cookie", "Cookie: theme=dark; ¤=§; lang=en\n")];

    private static CarrierForm Form(string name, string form, Func<string, string>? escape = null) => new(name, form, escape ?? (text => text));

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Yaml(string text) => text[0] is '*' or '#' or '%' or '&' or '!' or '-' ? $"'{text}'" : text;
}
