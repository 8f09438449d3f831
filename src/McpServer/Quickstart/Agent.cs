using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Host.Commands;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpInfra.Host.Quickstart;

/// <summary>A real MCP client of a server that runs as a child process, as an agent runtime would start it.</summary>
internal sealed class Agent : IAsyncDisposable
{
    private readonly McpClient client;
    private readonly Screen screen;

    private Agent(string type, McpClient client, Screen screen) => (Type, this.client, this.screen) = (type, client, screen);

    /// <summary>The agent type.</summary>
    public string Type { get; }

    /// <summary>Starts the server in the estate's folder and connects.</summary>
    public static async Task<Agent> StartAsync(string type, Estate estate, Screen screen, CancellationToken stop)
    {
        var command = Ourselves.Command;
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = type,
            Command = command[0],
            Arguments = [.. command.Skip(1), "serve", "--agent", type],
            WorkingDirectory = estate.Folder,
            EnvironmentVariables = estate.Environment.ToDictionary(pair => pair.Key, pair => (string?)pair.Value),
        });
        return new Agent(type, await McpClient.CreateAsync(transport, cancellationToken: stop), screen);
    }

    /// <summary>Names of the tools that this agent type sees.</summary>
    public async Task<IReadOnlyList<string>> ToolsAsync(CancellationToken stop) =>
        [.. (await client.ListToolsAsync(cancellationToken: stop)).Select(tool => tool.Name)];

    /// <summary>Calls a tool, shows call and answer, and returns both forms of the answer.</summary>
    public async Task<Reply> CallAsync(string tool, JsonObject arguments, CancellationToken stop)
    {
        screen.Call(Type, $"{tool} {arguments.ToJsonString()}");
        var request = new RequestOptions { Meta = new JsonObject { ["mcp-infra/format"] = "json" } };
        var given = arguments.ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
        var result = await client.CallToolAsync(tool, given, options: request, cancellationToken: stop);
        var text = string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        var denied = result.Meta?["mcp-infra/denied"] as JsonObject;
        screen.Answer(text, denied is not null);
        return new Reply(text, result.StructuredContent, denied, result.IsError ?? false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => client.DisposeAsync();

    /// <summary>An answer or a refusal.</summary>
    /// <param name="Text">As a model sees it.</param>
    /// <param name="Structured">As JSON.</param>
    /// <param name="Denied">The refusal.</param>
    /// <param name="IsError">Whether it is a refusal or a fault.</param>
    internal sealed record Reply(string Text, JsonElement? Structured, JsonObject? Denied, bool IsError);
}
