using System.Text;
using System.Text.Json;

namespace McpInfra.Host.Edge.Wire;

/// <summary>Notices a key that comes twice in one object while a reader passes over the bytes; costs no allocation per key in ordinary messages.</summary>
internal sealed class KeyLedger
{
    private const int FewKeys = 16;
    private readonly List<(int Start, int Length)> keys = new(FewKeys);
    private readonly Stack<(int First, HashSet<string>? Many)> outer = new();
    private int first;
    private HashSet<string>? many;

    public void Enter()
    {
        outer.Push((first, many));
        (first, many) = (keys.Count, null);
    }

    public void Leave()
    {
        keys.RemoveRange(first, keys.Count - first);
        (first, many) = outer.Pop();
    }

    /// <summary>Whether the key that the reader stands on is the first of its name in its object.</summary>
    /// <exception cref="InvalidOperationException">The key holds half of a surrogate pair.</exception>
    public bool TryAdd(ref Utf8JsonReader reader, ReadOnlySpan<byte> message)
    {
        if (many is null && (reader.ValueIsEscaped || keys.Count - first >= FewKeys))
        {
            many = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (start, length) in keys.Skip(first))
            {
                many.Add(Encoding.UTF8.GetString(message.Slice(start, length)));
            }
        }

        if (many is not null)
        {
            return many.Add(reader.GetString()!);
        }

        var key = reader.ValueSpan;
        for (var index = first; index < keys.Count; index++)
        {
            if (message.Slice(keys[index].Start, keys[index].Length).SequenceEqual(key))
            {
                return false;
            }
        }

        keys.Add(((int)reader.TokenStartIndex + 1, key.Length)); // The token starts at its quote.
        return true;
    }
}
