using System.Text.Json.Nodes;

namespace McpInfra.Host.Commands.Connecting;

/// <summary>A client's way of naming an MCP server in its configuration.</summary>
/// <param name="Name">As `connect` calls it.</param>
/// <param name="File">Where its configuration lies; null when there is nowhere to write.</param>
/// <param name="Section">The key that holds the servers.</param>
/// <param name="Stdio">The server over stdio.</param>
/// <param name="Http">The server over HTTP, its token by reference; null when the client cannot.</param>
internal sealed record Client(
    string Name, string? File, string Section, Func<IReadOnlyList<string>, JsonObject> Stdio, Func<Uri, JsonObject>? Http)
{
    /// <summary>The environment variable that holds the bearer token for the client; the token itself is never written into a configuration.</summary>
    public const string TokenVariable = "MCP_INFRA_TOKEN";

    /// <summary>What the server is called in every client.</summary>
    public const string ServerName = "infra";

    /// <summary>Every client but codex, whose configuration is TOML.</summary>
    public static IReadOnlyList<Client> All { get; } =
    [
        new("claude-code", Path.GetFullPath(".mcp.json"), "mcpServers", Plain, uri => Remote("type", "http", "url", uri, $"${{{TokenVariable}}}")),
        new("claude-desktop", Path.Combine(ApplicationData, "Claude", "claude_desktop_config.json"), "mcpServers", Plain, null),
        new("vscode", Path.GetFullPath(Path.Combine(".vscode", "mcp.json")), "servers", Typed, uri => Remote("type", "http", "url", uri, $"${{env:{TokenVariable}}}")),
        new("cursor", Path.GetFullPath(Path.Combine(".cursor", "mcp.json")), "mcpServers", Plain, uri => Remote(null, "", "url", uri, $"${{env:{TokenVariable}}}")),
        new("gemini", Path.GetFullPath(Path.Combine(".gemini", "settings.json")), "mcpServers", Plain, uri => Remote(null, "", "httpUrl", uri, $"${TokenVariable}")),
        new("json", null, "mcpServers", Plain, uri => Remote("type", "http", "url", uri, $"${{{TokenVariable}}}")),
    ];

    private static string ApplicationData => OperatingSystem.IsMacOS()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "Library", "Application Support")
        : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify); // Verified, it is empty where it is yet to be made.

    private static JsonObject Plain(IReadOnlyList<string> command) =>
        new() { ["command"] = command[0], ["args"] = new JsonArray([.. command.Skip(1).Select(argument => JsonValue.Create(argument))]) };

    private static JsonObject Typed(IReadOnlyList<string> command)
    {
        var server = Plain(command);
        server.Insert(0, "type", "stdio");
        return server;
    }

    private static JsonObject Remote(string? kindKey, string kind, string urlKey, Uri uri, string token)
    {
        var server = new JsonObject();
        if (kindKey is not null)
        {
            server[kindKey] = kind;
        }

        server[urlKey] = uri.ToString();
        server["headers"] = new JsonObject { ["Authorization"] = $"Bearer {token}" };
        return server;
    }
}
