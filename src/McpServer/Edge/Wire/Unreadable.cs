namespace McpInfra.Host.Edge.Wire;

/// <summary>Why a message cannot be handed on, in our own words, and the JSON-RPC error that says so.</summary>
/// <param name="Code">-32700 when the bytes are not JSON, -32600 when the JSON is no message that MCP allows.</param>
/// <param name="Message">What was wrong and what mends it; never a word of the message.</param>
public sealed record Unreadable(int Code, string Message)
{
    private const int NotJson = -32700;
    private const int NotAMessage = -32600;

    /// <summary>The message's id as JSON, when it was safe to read; else null.</summary>
    public string? Id { get; init; }

    /// <summary>The JSON-RPC error response, one line without its end.</summary>
    public string Response => $$$"""{"jsonrpc":"2.0","id":{{{Id ?? "null"}}},"error":{"code":{{{Code}}},"message":"{{{Message}}}"}}""";

    internal static Unreadable TooLong { get; } = new(NotAMessage, $"The message is longer than {MessageCheck.MostBytes} bytes. Send less at once");

    internal static Unreadable Encoding { get; } = new(NotJson, "The message is not valid UTF-8. Encode text as UTF-8");

    internal static Unreadable Surrogate { get; } = new(NotJson, "The message holds half of a surrogate pair. Escape both halves or write the character itself");

    internal static Unreadable Json { get; } = new(NotJson, "The message is not valid JSON. Send one JSON object");

    internal static Unreadable TooDeep { get; } = new(NotAMessage, $"The message nests deeper than {MessageCheck.MostDepth} levels. Send a flatter one");

    internal static Unreadable Duplicate { get; } = new(NotAMessage, "An object in the message has one key twice. Send each key once");

    internal static Unreadable Batch { get; } = new(NotAMessage, "The message is a batch, which this protocol no longer has. Send each message alone");

    internal static Unreadable Envelope { get; } =
        new(NotAMessage, "The message is no JSON-RPC 2.0 message. Send jsonrpc 2.0, a method with an optional string or whole-number id, and params");
}
