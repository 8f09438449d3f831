using McpInfra.Guardrails.Redaction;

namespace McpInfra.Tools.Plans.State;

/// <summary>Finds our tokens within a text.</summary>
internal static class TokenText
{
    private const string Open = "[secret:";

    /// <summary>Where the next token starts; -1 when there is none.</summary>
    public static int Next(string text, int from)
    {
        while (from < text.Length && (from = text.IndexOf(Open, from, StringComparison.Ordinal)) >= 0)
        {
            if (SecretTokens.LengthAt(text.AsSpan(from)) > 0)
            {
                return from;
            }

            from++;
        }

        return -1;
    }

    /// <summary>The text with what stands between its tokens changed; the same instance when nothing was.</summary>
    public static string Between(string text, Func<string, string> change)
    {
        var at = Next(text, 0);
        if (at < 0)
        {
            return change(text);
        }

        var (parts, from, changed) = (new List<string>(), 0, false);
        for (; at >= 0; at = Next(text, from))
        {
            Add(text[from..at]);
            var length = SecretTokens.LengthAt(text.AsSpan(at));
            parts.Add(text.Substring(at, length));
            from = at + length;
        }

        Add(text[from..]);
        return changed ? string.Concat(parts) : text;

        void Add(string piece)
        {
            var now = piece.Length == 0 ? piece : change(piece);
            changed |= !ReferenceEquals(now, piece);
            parts.Add(now);
        }
    }
}
