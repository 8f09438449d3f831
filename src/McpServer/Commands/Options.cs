using System.CommandLine;
using McpInfra.Host.Settings;

namespace McpInfra.Host.Commands;

/// <summary>Options that several commands share.</summary>
internal static class Options
{
    public static Option<string?> Config() => new("--config") { Description = "The configuration; else $MCP_INFRA_CONFIG, else mcp-infra.yaml found here or upward and trusted", HelpName = "FILE" };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON" };

    /// <summary>A folder that may be left out. What begins like an option is a mistyped option, and no folder.</summary>
    public static Argument<string?> Folder(string description)
    {
        var folder = new Argument<string?>("folder") { Description = description, Arity = ArgumentArity.ZeroOrOne };
        folder.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] option }])
            {
                result.AddError($"Unrecognized option '{option}'; for a folder of that name write './{option}'.");
            }
        });
        return folder;
    }

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
