namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds credentials that a prefix gives away.</summary>
internal static class FormatScan
{
    /// <summary>Adds what starts at a position; positions come in order.</summary>
    /// <param name="free">For each first character, where the last one that starts with it ended.</param>
    public static void At(string text, int at, Span<int> free, Spans spans)
    {
        // In one credential another may start that ends later, so what is found is skipped only for prefixes with the same first character.
        if (at >= free[text[at]] && Boundary.Before(text, at) && LengthAt(text, at, out var kind) is > 0 and var length)
        {
            spans.Add(at, at + length, kind);
            free[text[at]] = at + length;
        }
    }

    private static int LengthAt(string text, int at, out string kind)
    {
        var rest = text.AsSpan(at);
        foreach (var format in Formats.ByFirst[text[at]])
        {
            if (!rest.StartsWith(format.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var body = format.Body.Run(rest[format.Prefix.Length..]);
            var whole = format.Prefix.Length + body;
            if (body >= format.Least && !SecretValues.IsMasked(rest.Slice(format.Prefix.Length, body)) && !SecretValues.IsDocumentation(rest[..whole]) && format.Holds?.Invoke(rest[..whole].ToString()) is not false)
            {
                kind = format.Kind;
                return whole;
            }
        }

        kind = "";
        return 0;
    }
}
