namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds credentials that a prefix gives away. For one text, whose positions come in order.</summary>
/// <param name="text">The text.</param>
/// <param name="spans">Takes what is found.</param>
/// <param name="free">128 places: for each first character, where the last credential that starts with it ended.</param>
/// <param name="runs">A place for each alphabet: where its last run ended, so that a text of prefixes alone is not read once for each.</param>
internal readonly ref struct FormatScan(string text, Spans spans, Span<int> free, Span<int> runs)
{
    // Whoever has all characters but one has the credential.
    private const int Missing = 1;
    private readonly Span<int> free = free;
    private readonly Span<int> runs = runs;

    /// <summary>Adds what starts at a position.</summary>
    public void At(int at)
    {
        // In one credential another may start that ends later, so what is found is skipped only for prefixes with the same first character.
        if (text[at] < free.Length && at >= free[text[at]] && !Boundary.Inside(text, at) && LengthAt(at, out var kind) is > 0 and var length)
        {
            spans.Add(at, at + length, kind);
            free[text[at]] = at + length;
        }
    }

    private int LengthAt(int at, out string kind)
    {
        var rest = text.AsSpan(at);
        var begins = Boundary.Before(text, at);
        foreach (var format in Formats.ByFirst[text[at]])
        {
            if (!(begins || format.IsSure) || !rest.StartsWith(format.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var body = Body(format.Body, at + format.Prefix.Length);
            var whole = format.Prefix.Length + body;
            if (body >= format.Least - Missing && !SecretValues.IsMasked(rest.Slice(format.Prefix.Length, body)) && !SecretValues.IsDocumentation(rest[..whole]) && format.Holds?.Invoke(rest[..whole]) is not false)
            {
                kind = format.Kind;
                return whole;
            }
        }

        kind = "";
        return 0;
    }

    // A run that began before this position ends where it ended.
    private int Body(Alphabet letters, int start)
    {
        ref var end = ref runs[letters.Number];
        if (start >= end)
        {
            end = start + letters.Run(text.AsSpan(start));
        }

        return end - start;
    }
}
