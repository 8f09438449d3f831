using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Host.Edge.Wire;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpInfra.Host.Edge;

/// <summary>
/// Where MCP ends and the pipeline begins. Every request is decided here, by its method: what returns content goes through the pipeline,
/// a closed list of protocol methods goes to the SDK, and anything else does not exist. The SDK holds no tools and sees no call.
/// </summary>
/// <param name="pipeline">The one way in.</param>
/// <param name="routes">Which operations answer for which resource URIs.</param>
/// <param name="unreadable">Where messages go that cannot be read.</param>
public sealed class McpEdge(Pipeline pipeline, IReadOnlyList<ResourceRoute> routes, UnreadableMessages unreadable)
{
    /// <summary>Methods that the SDK answers: they carry nothing but the protocol.</summary>
    public static IReadOnlySet<string> OfProtocol { get; } =
        new HashSet<string> { RequestMethods.Initialize, RequestMethods.ServerDiscover, RequestMethods.Ping, RequestMethods.SubscriptionsListen };

    private static readonly string[] Capabilities = ["prompts", "resources", "tools", "completions"];

    private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, Func<Asked, CancellationToken, ValueTask<Reply>>> methods =
        new IEnumerable<KeyValuePair<string, Func<Asked, CancellationToken, ValueTask<Reply>>>>[]
        {
            new ToolMethods(pipeline).All, new ResourceMethods(pipeline, routes).All, new PromptMethods(pipeline).All, new CompletionMethods(pipeline).All,
        }.SelectMany(methods => methods).ToDictionary();

    /// <summary>Methods that are answered here.</summary>
    public IReadOnlyCollection<string> Methods => methods.Keys;

    /// <summary>Where messages go that cannot be read.</summary>
    public UnreadableMessages Unreadable => unreadable;

    /// <summary>Ends when the first message has been answered.</summary>
    internal Task Answered => answered.Task;

    /// <summary>The options of an SDK server that hands every request to this edge.</summary>
    /// <param name="peer">Who sent a message, as the transport established it.</param>
    public McpServerOptions Options(Func<MessageContext, Peer> peer)
    {
        var options = new McpServerOptions();
        Configure(options, peer);
        return options;
    }

    /// <summary>Sets the options of an SDK server so that it hands every request to this edge.</summary>
    internal void Configure(McpServerOptions options, Func<MessageContext, Peer> peer)
    {
        options.ServerInfo = new Implementation { Name = "mcp-infra", Version = Release.Version };
        options.ServerInstructions = Instructions.Text;
        options.Filters.Message.IncomingFilters.Add(next => (context, stop) => TakeAsync(context, next, peer, stop));
        options.Filters.Message.OutgoingFilters.Add(next => (context, stop) =>
        {
            Declare(context.JsonRpcMessage, options.Capabilities);
            return next(context, stop);
        });
    }

    // The SDK is told of no capability, for it would make handlers for each; its answer about itself is completed by what is answered here,
    // and rid of the logging that it claims of itself.
    private static void Declare(JsonRpcMessage message, ServerCapabilities? set)
    {
        if (message is JsonRpcResponse { Result: JsonObject result } && result["capabilities"] is JsonObject capabilities)
        {
            if (set is null)
            {
                capabilities.Remove("logging");
            }

            foreach (var name in Capabilities)
            {
                capabilities[name] ??= new JsonObject();
            }
        }
    }

    private async Task TakeAsync(MessageContext context, McpMessageHandler next, Func<MessageContext, Peer> peer, CancellationToken stop)
    {
        if (context.JsonRpcMessage is not JsonRpcRequest request || OfProtocol.Contains(request.Method))
        {
            await next(context, stop);
            answered.TrySetResult();
            return;
        }

        var asked = new Asked(request, peer(context) with { Client = Asked.ClientName(context) }, Era.IsPerRequest(context));
        var reply = methods.TryGetValue(request.Method, out var answer) ? await answer(asked, stop) : Reply.NoSuchMethod;
        await context.Server.SendMessageAsync(reply.ToMessage(asked), stop);
        answered.TrySetResult();
    }
}
