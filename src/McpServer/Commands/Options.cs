using System.CommandLine;
using McpInfra.Host.Settings;

namespace McpInfra.Host.Commands;

/// <summary>Options that several commands share.</summary>
internal static class Options
{
    public static Option<string?> Config() => new("--config") { Description = "The configuration; else $MCP_INFRA_CONFIG, else mcp-infra.yaml found here or upward and trusted", HelpName = "FILE" };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON" };

    public static Option<Uri?> Http(string description) => new("--http")
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp)
            {
                return uri.AbsolutePath == "/" ? new Uri(uri, "/mcp") : uri;
            }

            result.AddError("--http wants an address such as http://127.0.0.1:8080");
            return null;
        },
    };

    public static Settings.Settings Load(string? config) =>
        SettingsLocation.Load(config, Environment.CurrentDirectory, text => Terminal.Complain("mcp-infra: " + text));
}
