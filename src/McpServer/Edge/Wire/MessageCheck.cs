using System.Text.Json;
using System.Text.Unicode;

namespace McpInfra.Host.Edge.Wire;

/// <summary>
/// Looks at a message's bytes before any parser that is more forgiving: valid UTF-8, size, depth, each key once, one JSON-RPC object.
/// One pass that goes on after a fault so that the answer can name the message's id.
/// </summary>
public static class MessageCheck
{
    /// <summary>Bytes in a message.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Levels of nesting in a message; the deepest that the parser behind takes.</summary>
    public const int MostDepth = 64;

    /// <summary>What is wrong with the message, or null when it may be handed on.</summary>
    public static Unreadable? Check(ReadOnlySpan<byte> message)
    {
        if (message.Length > MostBytes)
        {
            return Unreadable.TooLong;
        }

        var envelope = default(Envelope);
        var fault = Utf8.IsValid(message) ? null : Unreadable.Encoding;
        try
        {
            fault = Scan(message, ref envelope, fault);
        }
        catch (JsonException)
        {
            fault ??= Unreadable.Json;
        }
        catch (InvalidOperationException)
        {
            fault ??= Unreadable.Surrogate; // The reader's word for a key or text that cannot be unescaped.
        }

        return fault is null ? null : fault with { Id = envelope.Id };
    }

    private static Unreadable? Scan(ReadOnlySpan<byte> message, ref Envelope envelope, Unreadable? fault)
    {
        var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var keys = new KeyLedger();
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray))
            {
                envelope.Value(ref reader);
            }

            fault ??= Token(ref reader, message, keys);
            if (reader.CurrentDepth == 1 && reader.TokenType is JsonTokenType.PropertyName)
            {
                envelope.Name(ref reader);
            }
        }

        return fault ?? (envelope.Fits ? null : Unreadable.Envelope);
    }

    private static Unreadable? Token(ref Utf8JsonReader reader, ReadOnlySpan<byte> message, KeyLedger keys)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray when reader.CurrentDepth == 0:
                return Unreadable.Batch;
            case JsonTokenType.StartArray or JsonTokenType.StartObject when reader.CurrentDepth >= MostDepth:
                return Unreadable.TooDeep;
            case JsonTokenType.StartObject:
                keys.Enter();
                return null;
            case JsonTokenType.EndObject:
                keys.Leave();
                return null;
            case JsonTokenType.PropertyName:
                return keys.TryAdd(ref reader, message) ? null : Unreadable.Duplicate;
            case JsonTokenType.String when reader.ValueIsEscaped && MayHoldSurrogate(reader.ValueSpan):
                reader.GetString();
                return null;
            default:
                return null;
        }
    }

    private static bool MayHoldSurrogate(ReadOnlySpan<byte> escaped) => escaped.IndexOf("\\ud"u8) >= 0 || escaped.IndexOf("\\uD"u8) >= 0;
}
