using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace McpInfra.TestKit;

/// <summary>The official SDK's client, over stdio, HTTP or any transport, in either protocol era.</summary>
public sealed class RealClient(McpClient client) : IAsyncDisposable
{
    /// <summary>The era without initialize.</summary>
    public const string PerRequest = "2026-07-28";

    /// <summary>The era of initialize and sessions.</summary>
    public const string Initialize = "2025-11-25";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>The client itself, for what is not offered here.</summary>
    public McpClient Client => client;

    /// <summary>The built mcp-infra beside the tests.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "mcp-infra.exe" : "mcp-infra");

    /// <summary>Starts `mcp-infra` with the arguments (`serve`, …) and connects over stdio.</summary>
    public static Task<RealClient> OverStdioAsync(
        IReadOnlyList<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null, string era = PerRequest, Action<string>? errors = null) =>
        OverAsync(
            new StdioClientTransport(new StdioClientTransportOptions
            {
                Name = "mcp-infra",
                Command = Executable,
                Arguments = [.. arguments],
                WorkingDirectory = folder,
                EnvironmentVariables = environment?.ToDictionary() ?? [],
                StandardErrorLines = errors,
            }),
            era);

    /// <summary>Connects over streamable HTTP with a bearer token.</summary>
    public static Task<RealClient> OverHttpAsync(Uri endpoint, string token, string era = PerRequest) =>
        OverAsync(
            new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = endpoint,
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
            }),
            era);

    /// <summary>Connects over any transport.</summary>
    public static async Task<RealClient> OverAsync(IClientTransport transport, string era = PerRequest)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var options = new McpClientOptions { ProtocolVersion = era, DiscoverProbeTimeout = Timeout.InfiniteTimeSpan, ClientInfo = new Implementation { Name = "test-client", Version = "1.0" } };
        return new RealClient(await McpClient.CreateAsync(transport, options, cancellationToken: deadline.Token));
    }

    /// <summary>Calls a tool. Arguments are given as an anonymous object or a JSON node.</summary>
    public async Task<ToolAnswer> CallAsync(string tool, object? arguments = null, bool structured = false, CancellationToken stop = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Deadline);
        var result = await client.CallToolAsync(
            new CallToolRequestParams
            {
                Name = tool,
                Arguments = arguments is null ? null : JsonSerializer.SerializeToElement(arguments).EnumerateObject().ToDictionary(property => property.Name, property => property.Value),
                Meta = structured ? new JsonObject { ["mcp-infra/format"] = "json" } : null,
            },
            deadline.Token);
        return new ToolAnswer(result);
    }

    /// <summary>Names of the tools listed.</summary>
    public async Task<IReadOnlyList<string>> ToolsAsync() => [.. (await client.ListToolsAsync()).Select(tool => tool.Name)];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => client.DisposeAsync();
}
