using System.Text;

namespace McpInfra.SecretProbe;

/// <summary>A form in which a name and its value stand in a text.</summary>
/// <param name="Name">Of the form.</param>
/// <param name="Form">With § where the value stands and ¤ where its name does.</param>
/// <param name="Escape">How the form writes a value.</param>
internal sealed record CarrierForm(string Name, string Form, Func<string, string> Escape)
{
    public static IReadOnlyList<CarrierForm> All { get; } =
    [
        new("env", "¤=§\n", Plain), new("env-quoted", "¤=\"§\"\n", Plain), new("export", "export ¤='§'\n", Plain), new("yaml", "  ¤: §\n", Yaml), new("yaml-quoted", "  ¤: \"§\"\n", Json), new("json", "  \"¤\": \"§\",\n", Json),
        new("json-in-json", "{\"message\":\"{\\\"¤\\\":\\\"§\\\"}\",\"level\":\"info\"}\n", text => Json(Json(text))), new("pair-json", "{\"name\":\"¤\",\"value\":\"§\"},\n", Json), new("pair-yaml", "        - name: ¤\n          value: \"§\"\n", Json),
        new("hcl", "  ¤ = \"§\"\n", Json), new("plan", "      + ¤                 = \"§\"\n", Json), new("plan-change", "      ~ ¤ = \"§\" -> \"known after apply\"\n", Json), new("log", "2026-11-22T09:11:02Z DEBUG boot config ¤=§ retries=3\n", Plain), new("log-json", "{\"ts\":1763,\"msg\":\"loaded\",\"¤\":\"§\"}\n", Json),
        new("table", "| ¤ | §  |\n", Plain), new("toml", "¤ = \"§\"\n", Json), new("ini", "[app]\n¤ = §\n", Plain), new("properties", "app.¤=§\n", Plain), new("xml", "<¤>§</¤>\n", Xml), new("xml-attribute", "<add key=\"¤\" value=\"§\" />\n", Xml), new("dockerfile", "ENV ¤=§\n", Plain), new("docker-run", "docker run -e ¤='§' app:1\n", Plain),
        new("compose", "    environment:\n      - ¤=§\n", Plain), new("describe", "      ¤:  §\n", Yaml), new("php", "define('¤', '§');\n", Plain), new("python", "os.environ[\"¤\"] = \"§\"\n", Json), new("js", "const config = { ¤: '§' };\n", Plain), new("helm-set", "helm upgrade app ./chart --set ¤='§'\n", Plain), new("powershell", "$env:¤ = \"§\"\n", Plain),
        new("escaped-newline", "user_data: #!/bin/sh\\nexport ¤=§\\nexec app\\n\n", Plain), new("stack-trace", "java.lang.RuntimeException: bad config {¤=§}\n\tat a.B.c(B.java:1)\n", Plain), new("comment", "# old value: ¤=§\n", Plain), new("sql", "INSERT INTO settings VALUES ('¤', '§');\n", text => text.Replace("'", "''", StringComparison.Ordinal)), new("query", "GET https://api.example.com/v2/ping?¤=§&page=2\n", Uri.EscapeDataString),
    ];

    /// <summary>The text, and where the value stands in it.</summary>
    public (string Text, int Start, int End) Wrap(string name, string value)
    {
        var form = Form.Replace("¤", name, StringComparison.Ordinal);
        var hole = form.IndexOf('§');
        var written = Escape(value);
        var quotes = written.Length > value.Length && written[0] == '\'' ? 1 : 0;
        return (form[..hole] + written + form[(hole + 1)..], hole + quotes, hole + written.Length - quotes);
    }

    private static string Plain(string text) => text;

    private static string Json(string text) => new StringBuilder(text).Replace("\\", "\\\\").Replace("\"", "\\\"").ToString();

    private static string Yaml(string text) => text[0] is '*' or '#' or '%' or '&' or '!' or '-' ? $"'{text}'" : text;

    private static string Xml(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);
}
