using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpInfra.Conformance.Fixtures;

/// <summary>
/// Lets fixture operations do what no operation of a release can: talk to the client while they run, and answer in any form of MCP.
/// It stands before the edge on the way in and after it on the way out; between, the fixtures pass the real edge and the real pipeline.
/// </summary>
internal static class FixtureSession
{
    private const string Raw = "raw:";
    private static readonly AsyncLocal<MessageContext?> Current = new();

    /// <summary>The request that is being answered.</summary>
    public static JsonRpcRequest Request => (JsonRpcRequest)Current.Value!.JsonRpcMessage;

    private static McpServer Server => Current.Value!.Server;

    /// <summary>Whether the client speaks the era of per-request metadata.</summary>
    public static bool PerRequest => string.CompareOrdinal(Request.Context?.ProtocolVersion, "2026-07-28") >= 0;

    /// <summary>What a multi-round-trip retry brought.</summary>
    public static JsonObject? InputResponses => Request.Params?["inputResponses"] as JsonObject;

    /// <summary>A parameter's `_meta` value.</summary>
    public static JsonNode? Meta(string name) => Request.Params?["_meta"]?[name];

    /// <summary>Whether the client declared a capability with this request.</summary>
    public static bool Declares(string capability) => Meta("io.modelcontextprotocol/clientCapabilities") is JsonObject declared && declared.ContainsKey(capability);

    /// <summary>A text that is replaced by this result on its way out.</summary>
    public static string Result(JsonObject result) => Raw + result.ToJsonString();

    /// <summary>A text that is replaced by this JSON-RPC error on its way out.</summary>
    public static string Error(int code, string message, JsonNode? data = null) =>
        Raw + new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["data"] = data } }.ToJsonString();

    /// <summary>Sends a notification to the client.</summary>
    public static Task NotifyAsync(string method, JsonObject parameters, CancellationToken stop) =>
        Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, stop);

    /// <summary>Asks the client, as servers up to 2025-11-25 do.</summary>
    public static async Task<JsonNode?> AskAsync(string method, JsonObject parameters, CancellationToken stop) =>
        (await Server.SendRequestAsync(new JsonRpcRequest { Method = method, Params = parameters }, stop)).Result;

    /// <summary>Puts the fixtures' way in and out into an SDK server's options.</summary>
    public static void Configure(McpServerOptions options)
    {
        options.Capabilities = new ServerCapabilities { Resources = new ResourcesCapability { Subscribe = true } };
#pragma warning disable MCP9005 // Deprecated, and still required of servers up to 2025-11-25.
        options.Capabilities.Logging = new LoggingCapability();
#pragma warning restore MCP9005
        options.Filters.Message.IncomingFilters.Add(next => (context, stop) => TakeAsync(context, next, stop));
        options.Filters.Message.OutgoingFilters.Add(next => (context, stop) =>
        {
            Replace(context);
            return next(context, stop);
        });
    }

    private static async Task TakeAsync(MessageContext context, McpMessageHandler next, CancellationToken stop)
    {
        Current.Value = context;
        if (context.JsonRpcMessage is JsonRpcRequest { Method: "logging/setLevel" or "resources/subscribe" or "resources/unsubscribe" } request)
        {
            await context.Server.SendMessageAsync(new JsonRpcResponse { Id = request.Id, Result = new JsonObject() }, stop);
            return;
        }

        await next(context, stop);
    }

    private static void Replace(MessageContext context)
    {
        if (context.JsonRpcMessage is not JsonRpcResponse { Result: JsonObject result } response || Text(result) is not { } text || !text.StartsWith(Raw, StringComparison.Ordinal))
        {
            return;
        }

        var raw = JsonNode.Parse(text[Raw.Length..])!.AsObject();
        if (raw["error"] is JsonObject error)
        {
            context.JsonRpcMessage = new JsonRpcError
            {
                Id = response.Id,
                Error = new JsonRpcErrorDetail { Code = (int)error["code"]!, Message = (string)error["message"]!, Data = error["data"]?.DeepClone() },
                Context = response.Context,
            };
            return;
        }

        foreach (var name in new[] { "resultType", "ttlMs", "cacheScope", "_meta" })
        {
            if (!raw.ContainsKey(name) && result[name] is { } value)
            {
                raw[name] = value.DeepClone();
            }
        }

        response.Result = raw;
    }

    private static string? Text(JsonObject result) =>
        (string?)(result["content"]?[0]?["text"] ?? result["contents"]?[0]?["text"] ?? result["messages"]?[0]?["content"]?["text"]);
}
