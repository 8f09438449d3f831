using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// Passes on of terraform's JSON of a plan what changes, as it is said: the state before and after, and resources that stay as they are, become one hash and a count.
/// So the size of what comes back is that of the change and not of the state. Source of the form: https://developer.hashicorp.com/terraform/internals/json-format.
/// </summary>
internal sealed class PlanSieve : IDisposable
{
    private const int MostToken = 64 << 20;
    private const int MostDepth = 256;

    private static readonly HashSet<string> LeftOut = new(StringComparer.Ordinal) { "prior_state", "planned_values" };
    private static readonly HashSet<string> Sifted = new(StringComparer.Ordinal) { "resource_changes", "resource_drift" };

    private readonly int most;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream kept = new();
    private readonly MemoryStream element = new();
    private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = MostDepth });
    private string member = "";
    private bool isFirstMember = true;
    private bool isArray;
    private bool isFirstElement;
    private string property = "";
    private bool isMode;
    private long managed;

    private PlanSieve(int most) => this.most = most;

    /// <summary>Reads to the end; cut when what is kept is larger than it may be. What is no JSON is passed on as nothing.</summary>
    public static async Task<Captured> ReadAsync(Stream stream, int most)
    {
        using var sieve = new PlanSieve(most);
        return await sieve.ReadAsync(stream);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        hash.Dispose();
        kept.Dispose();
        element.Dispose();
    }

    private async Task<Captured> ReadAsync(Stream stream)
    {
        var buffer = new byte[1 << 20];
        var length = 0;
        try
        {
            for (var isLast = false; !isLast;)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length < MostToken ? buffer.Length * 2 : throw new JsonException());
                }

                var read = await stream.ReadAsync(buffer.AsMemory(length));
                isLast = read == 0;
                length += read;
                var taken = Sift(buffer.AsSpan(0, length), isLast);
                buffer.AsSpan(taken, length - taken).CopyTo(buffer);
                length -= taken;
                if (kept.Length + element.Length > most)
                {
                    return new Captured([], Cut: true);
                }
            }

            return new Captured(kept.ToArray(), Cut: false);
        }
        catch (JsonException)
        {
            return new Captured([], Cut: false);
        }
    }

    private int Sift(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var reader = new Utf8JsonReader(bytes, isLast, state);
        var from = 0;
        while (reader.Read())
        {
            var end = (int)reader.BytesConsumed;
            Take(ref reader, bytes[from..end]);
            from = end;
        }

        state = reader.CurrentState;
        return from;
    }

    // A slice is a token with what stands before it, white space and the comma; a name has its colon with it.
    private void Take(ref Utf8JsonReader reader, ReadOnlySpan<byte> slice)
    {
        switch (reader.TokenType, reader.CurrentDepth)
        {
            case (JsonTokenType.StartObject, 0):
                kept.WriteByte((byte)'{');
                break;
            case (JsonTokenType.EndObject, 0):
                kept.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{(isFirstMember ? "" : ",")}\"left_out\":{{\"hash\":\"{Convert.ToHexStringLower(hash.GetHashAndReset())}\",\"managed\":{managed}}}}}")));
                break;
            case (JsonTokenType.PropertyName, 1):
                member = reader.GetString()!;
                if (!LeftOut.Contains(member) && member != "left_out")
                {
                    kept.Write(isFirstMember ? Plain(slice) : [(byte)',', .. Plain(slice)]);
                    isFirstMember = false;
                }

                break;
            case var _ when LeftOut.Contains(member) || member == "left_out":
                hash.AppendData(slice);
                Count(ref reader);
                break;
            case var (_, depth) when Sifted.Contains(member):
                TakeSifted(reader.TokenType, depth, slice);
                break;
            case (_, 1) when reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray):
                kept.Write(Plain(slice));
                break;
            default:
                kept.Write(slice);
                break;
        }
    }

    private void TakeSifted(JsonTokenType token, int depth, ReadOnlySpan<byte> slice)
    {
        if (depth == 1)
        {
            kept.Write(Plain(slice));
            (isArray, isFirstElement) = (token is JsonTokenType.StartArray, true);
            return;
        }

        if (!isArray)
        {
            kept.Write(slice);
            return;
        }

        element.Write(element.Length == 0 ? Plain(slice) : slice);
        if (depth > 2 || token is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            return;
        }

        var whole = element.GetBuffer().AsMemory(0, (int)element.Length);
        if (StaysAsItIs(whole))
        {
            hash.AppendData(whole.Span);
        }
        else
        {
            kept.Write(isFirstElement ? [] : ","u8);
            kept.Write(whole.Span);
            isFirstElement = false;
        }

        element.SetLength(0);
    }

    private static bool StaysAsItIs(ReadOnlyMemory<byte> whole)
    {
        using var document = JsonDocument.Parse(whole, new JsonDocumentOptions { MaxDepth = MostDepth });
        return document.RootElement is { ValueKind: JsonValueKind.Object } resource
            && resource.TryGetProperty("change", out var change) && change.ValueKind is JsonValueKind.Object
            && change.TryGetProperty("actions", out var actions) && actions.ValueKind is JsonValueKind.Array && actions.GetArrayLength() == 1 && actions[0].ValueKind is JsonValueKind.String && actions[0].ValueEquals("no-op")
            && !(resource.TryGetProperty("previous_address", out var before) && before.ValueKind is not JsonValueKind.Null);
    }

    // Of the state before alone: an object that says its address and then its mode is a resource.
    private void Count(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.PropertyName)
        {
            isMode = property == "address" && reader.ValueTextEquals("mode"u8);
            property = reader.ValueTextEquals("address"u8) ? "address" : "";
            return;
        }

        if (isMode && member == "prior_state" && reader.TokenType is JsonTokenType.String && reader.ValueTextEquals("managed"u8))
        {
            managed++;
        }

        isMode = false;
    }

    private static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> slice) => slice.TrimStart(" \t\r\n,"u8);
}
