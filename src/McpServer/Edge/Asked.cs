using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Spotlight;
using McpInfra.Host.Edge.Stdio;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpInfra.Host.Edge;

/// <summary>A request as it came: nothing in it is believed, and what is missing or of the wrong form reads as absent.</summary>
/// <param name="Message">The JSON-RPC request.</param>
/// <param name="Peer">Who sent it.</param>
/// <param name="PerRequest">Whether it is of the era whose results say that they are complete.</param>
internal sealed record Asked(JsonRpcRequest Message, Peer Peer, bool PerRequest)
{
    private const string Format = "mcp-infra/format";
    private const int LongestClientName = 64;

    /// <summary>Whether the client asked for the facts as JSON too.</summary>
    public bool Structured => Node("_meta") is JsonObject meta && Text(meta[Format]) == "json";

    /// <summary>A parameter.</summary>
    public JsonNode? Node(string name) => (Message.Params as JsonObject)?[name];

    /// <summary>A parameter that is a string, else the empty string: the name of nothing.</summary>
    public string Text(string name) => Text(Node(name)) ?? "";

    /// <summary>A node that is a string, else null.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A parameter as the pipeline takes arguments; undefined when there is none.</summary>
    public JsonElement Element(string name) => Node(name) is { } node ? JsonElements.Of(node) : default;

    /// <summary>The text of an answer to it. Lines are written by a serializer of ours; that of HTTP knows no types but its own.</summary>
    public JsonValue Shown(Answer answer) => Peer.Transport == "stdio" ? LongText.Of(answer) : JsonValue.Create(Rendering.ToMarkdown(answer));

    /// <summary>The client's name for itself, in a form that a record can hold.</summary>
    public static string? ClientName(MessageContext context)
    {
        var name = context.Server.ClientInfo?.Name;
        return name is null ? null
            : string.Concat((name.Length > LongestClientName ? name[..LongestClientName] : name).Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter)));
    }
}
