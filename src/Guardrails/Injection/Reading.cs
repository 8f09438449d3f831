namespace McpInfra.Guardrails.Injection;

/// <summary>Reads a text every way that there is a sign of. Holds buffers; for one thread at a time.</summary>
internal sealed class Reading(Model model)
{
    // Base64 within base64 within base64 is followed; deeper is not.
    private const int MostLayers = 3;
    private readonly Scorer scorer = new(model);
    private readonly View view = new();
    private readonly View[] decoded = [.. Enumerable.Range(0, MostLayers).Select(_ => new View())];

    // Letters decoded of each layer: a payload that unfolds into many may cost no more than the text itself.
    private readonly int[] spent = new int[MostLayers];
    private List<InjectionSpan>? spans;

    /// <summary>The log odds of the worst window of the text or of what it says to who reads it another way.</summary>
    public float Worst(ReadOnlySpan<char> text)
    {
        spans = null;
        Array.Clear(spent);
        return Worst(text, layer: 0);
    }

    /// <summary>The worst window of each way to read the text that is at least so bad, the worst first.</summary>
    public IReadOnlyList<InjectionSpan> Explain(ReadOnlySpan<char> text, double least)
    {
        List<InjectionSpan> found = spans = [];
        Array.Clear(spent);
        Worst(text, layer: 0);
        spans = null;
        found.RemoveAll(span => span.Weight < least);
        found.Sort((one, other) => other.Weight.CompareTo(one.Weight));
        return found;
    }

    private float Worst(ReadOnlySpan<char> text, int layer)
    {
        var worst = scorer.Score(text);
        Note(text, null, layer, worst);
        var (turned, tokens) = (scorer.Turned, scorer.Length);
        for (var way = 0; way < Views.Count; way++)
        {
            if (Views.Read(way, text, turned, view.Empty(spans is not null)))
            {
                var odds = scorer.Score(view.Text, tokens);
                Note(view.Text, view, layer, odds);
                worst = Math.Max(worst, odds);
            }
        }

        return layer == MostLayers ? worst : Math.Max(worst, Decoded(text, layer, turned));
    }

    private float Decoded(ReadOnlySpan<char> text, int layer, Turn turned)
    {
        var (worst, at, mapped, said) = (float.MinValue, 0, spans is not null, decoded[layer]);
        while (SpelledOut.Next(text, ref at, said.Empty(mapped)))
        {
            worst = Math.Max(worst, Worst(said.Text, layer + 1));
        }

        if (Unseen.Selectors(text, said.Empty(mapped)))
        {
            worst = Math.Max(worst, Worst(said.Text, layer + 1));
        }

        if (turned.HasFlag(Turn.Unseen) && Unseen.Bits(text, said.Empty(mapped)))
        {
            worst = Math.Max(worst, Worst(said.Text, layer + 1));
        }

        at = 0;
        while (Encodings.Next(text, ref at, ref spent[layer], said.Empty(mapped)))
        {
            worst = Math.Max(worst, Worst(said.Text, layer + 1));
        }

        return worst;
    }

    // Back through every way that led here, to the text itself.
    private void Note(ReadOnlySpan<char> read, View? way, int layer, float odds)
    {
        if (spans is null)
        {
            return;
        }

        var (start, end) = scorer.Place(read);
        (start, end) = way?.Place(start, end) ?? (start, end);
        for (var outer = layer - 1; outer >= 0; outer--)
        {
            (start, end) = decoded[outer].Place(start, end);
        }

        var ways = decoded.Take(layer).Select(outer => outer.Name).Concat(way is null ? [] : [way.Name]).ToList();
        spans.Add(new InjectionSpan(0, start, end - start, ways.Count == 0 ? "text" : string.Join(" > ", ways), scorer.Says(), Math.Round(1 / (1 + Math.Exp(-odds)), 4)));
    }
}
