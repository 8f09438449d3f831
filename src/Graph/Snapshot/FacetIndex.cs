namespace McpInfra.Graph.Snapshot;

/// <summary>The facets of a snapshot and their values, by place.</summary>
internal sealed class FacetIndex(SnapshotFile file)
{
    public const string Environment = "environment";
    public const string Provider = "provider";
    public const string Account = "account";
    public const string Region = "region";
    public const string Managed = "managed";
    public const string Findings = "findings";
    public const string Changed = "changed";
    public const string Tag = "tag:";

    private readonly ILookup<string, int> places = TextList.ReadAll(file.Section<byte>(SnapshotSection.Facets)).Select((name, at) => (name, at)).ToLookup(facet => facet.name, facet => facet.at, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> unindexed = new(TextList.ReadAll(file.Section<byte>(SnapshotSection.Unindexed)), StringComparer.OrdinalIgnoreCase);

    /// <summary>Order of a facet's values: in any case, and then exact.</summary>
    public static int Order(string one, string other) =>
        string.Compare(one, other, StringComparison.OrdinalIgnoreCase) is not 0 and var order ? order : string.CompareOrdinal(one, other);

    /// <summary>Whether the snapshot can tell who has the tag.</summary>
    public bool IsIndexed(string tagKey) => !unindexed.Contains(tagKey);

    /// <summary>Ranges of the values of the facets of that name in any case.</summary>
    public IEnumerable<Range> Values(string facet) => places[facet].Select(RangeOf);

    /// <summary>Values of the facet that equal one in any case.</summary>
    public IEnumerable<int> Values(string facet, string value)
    {
        foreach (var range in Values(facet))
        {
            for (var at = FirstFrom(range, value); at < range.End.Value && Text(at).Equals(value, StringComparison.OrdinalIgnoreCase); at++)
            {
                yield return at;
            }
        }
    }

    /// <summary>The first value of a range that does not come before a text in any case.</summary>
    public int FirstFrom(Range range, string text)
    {
        var (from, to) = (range.Start.Value, range.End.Value);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = string.Compare(Text(middle), text, StringComparison.OrdinalIgnoreCase) < 0 ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    public string Text(int value) => TextList.Read(file.Section<byte>(SnapshotSection.Values), value);

    private Range RangeOf(int facet)
    {
        var starts = file.Section<uint>(SnapshotSection.FacetStarts);
        return (int)starts[facet]..(int)starts[facet + 1];
    }
}
