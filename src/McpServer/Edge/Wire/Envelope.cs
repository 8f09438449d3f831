using System.Text;
using System.Text.Json;

namespace McpInfra.Host.Edge.Wire;

/// <summary>What a JSON-RPC message says of itself at its top level, gathered while a reader passes.</summary>
internal struct Envelope
{
    private const int LongestId = 128;
    private Key key;
    private bool idSeen, idFits, versionFits, methodFits, hasMethod, hasOutcome;

    private enum Key
    {
        Other,
        Id,
        Version,
        Method,
        Outcome,
    }

    /// <summary>The id as JSON when it is a whole number or short plain text, else null.</summary>
    public string? Id { get; private set; }

    /// <summary>Whether it is a request, a notification or a response.</summary>
    public readonly bool Fits => versionFits && (hasMethod ? methodFits && (!idSeen || idFits) : hasOutcome && (!idSeen || idFits));

    /// <summary>A top-level key.</summary>
    public void Name(ref Utf8JsonReader reader) =>
        key = reader.ValueTextEquals("id"u8) ? Key.Id
            : reader.ValueTextEquals("jsonrpc"u8) ? Key.Version
            : reader.ValueTextEquals("method"u8) ? Key.Method
            : reader.ValueTextEquals("result"u8) || reader.ValueTextEquals("error"u8) ? Key.Outcome
            : Key.Other;

    /// <summary>The value of the last top-level key, or its beginning.</summary>
    public void Value(ref Utf8JsonReader reader)
    {
        switch (key)
        {
            case Key.Id:
                Id = idSeen ? null : Plain(ref reader); // An id that came twice is no id to answer to.
                idFits = Id is not null || reader.TokenType is JsonTokenType.String;
                idSeen = true;
                break;
            case Key.Version:
                versionFits = reader.TokenType is JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
                break;
            case Key.Method:
                hasMethod = true;
                methodFits = reader.TokenType is JsonTokenType.String;
                break;
            case Key.Outcome:
                hasOutcome = true;
                break;
            default:
                break;
        }
    }

    private static string? Plain(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        JsonTokenType.String when !reader.ValueIsEscaped && reader.ValueSpan.Length <= LongestId && IsPlain(reader.ValueSpan) => $"\"{Encoding.ASCII.GetString(reader.ValueSpan)}\"",
        _ => null,
    };

    private static bool IsPlain(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;
}
