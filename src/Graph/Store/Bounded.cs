using System.Text;

namespace McpInfra.Graph.Store;

/// <summary>Keeps texts that tenants write within what an index holds, and to letters that every store holds.</summary>
internal static class Bounded
{
    private const int MostBytes = 600;

    /// <summary>The text, or as much of its beginning as an index holds.</summary>
    public static string Text(string text) => IsLong(text) ? Beginning(text) : text;

    /// <summary>A name that tells texts apart however long they are: their beginning and a hash of the whole where they are long.</summary>
    public static string Key(string text) => IsLong(text) ? $"{Beginning(text)}#{Fingerprint.Of(text):x32}" : text;

    /// <summary>The text without NUL and broken surrogates, which PostgreSQL refuses.</summary>
    public static string Letters(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0'))
        {
            return text;
        }

        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '\0' || (char.IsSurrogate(text[at]) && !(char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[++at]))))
            {
                return string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? "\uFFFD" : rune.ToString()));
            }
        }

        return text;
    }

    private static bool IsLong(string text) => text.Length > MostBytes / 4 && (text.Length > MostBytes || Encoding.UTF8.GetByteCount(text) > MostBytes);

    private static string Beginning(string text)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (length + rune.Utf8SequenceLength > MostBytes - 40)
            {
                break;
            }

            length += rune.Utf8SequenceLength;
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text).AsSpan(0, length));
    }
}
