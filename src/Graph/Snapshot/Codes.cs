namespace McpInfra.Graph.Snapshot;

/// <summary>Numbers the texts of a column in the order of their coming, any case alike; afterwards in their own order.</summary>
internal sealed class Codes
{
    private readonly Dictionary<string, int> codes = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> texts = [];

    /// <summary>The text's code, from 1; 0 for none.</summary>
    public int Of(string? text)
    {
        if (text is null)
        {
            return 0;
        }

        if (!codes.TryGetValue(text, out var code))
        {
            texts.Add(text);
            codes.Add(text, code = texts.Count);
        }

        return code;
    }

    /// <summary>The texts in order, and the place of each code among them, from 1.</summary>
    public (string[] Texts, int[] Places) Sorted()
    {
        var order = Enumerable.Range(0, texts.Count).OrderBy(at => texts[at].ToLowerInvariant(), StringComparer.Ordinal).ToArray();
        var places = new int[texts.Count + 1];
        for (var place = 0; place < order.Length; place++)
        {
            places[order[place] + 1] = place + 1;
        }

        return ([.. order.Select(at => texts[at])], places);
    }
}
