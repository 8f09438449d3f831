using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Queries;

namespace McpInfra.Graph.Snapshot;

/// <summary>
/// The resources that filters leave. How many is told by counting, 65,536 neighbours at a time; which ones is looked up only as far as somebody asks.
/// Few that have the rarest value are listed and looked up in the bits of the others; else the bits of all conditions are combined.
/// </summary>
internal sealed class Selection
{
    private readonly GraphView view;
    private readonly SearchQuery query;
    private readonly Condition[] conditions;
    private readonly List<(int Start, int End)> types;
    private readonly List<int> changed = [];

    public Selection(GraphView view, SearchQuery query)
    {
        (this.view, this.query) = (view, query);
        conditions = [.. Conditions().OrderBy(condition => condition.IsNot).ThenBy(condition => condition.Count)];
        types = Types();
        Total = Count();
        if (view.Overlay is { } overlay)
        {
            changed.AddRange(overlay.Ordered.Where(ordinal => Matches(overlay.Rows[ordinal])));
            Total += changed.Count;
        }
    }

    /// <summary>How many there are.</summary>
    public int Total { get; }

    /// <summary>Those that changed since the snapshot was taken, in the order of answers.</summary>
    public IReadOnlyList<int> Changed => changed;

    /// <summary>Those that are as the snapshot says, as bits by rank.</summary>
    public ulong[] Ranks()
    {
        var bits = new ulong[Bits.Words(view.Snapshot.Count)];
        var postings = view.Snapshot.Postings;
        Span<ulong> spare = stackalloc ulong[PostingContainer.Words], any = stackalloc ulong[PostingContainer.Words];
        for (var upper = 0; upper < bits.Length / PostingContainer.Words; upper++)
        {
            Leave(postings, upper, bits.AsSpan(upper * PostingContainer.Words, PostingContainer.Words), spare, any);
        }

        return bits;
    }

    /// <summary>Whether a view can answer the query: it holds no texts, and not every tag.</summary>
    public static bool CanAnswer(GraphView view, SearchQuery query) =>
        string.IsNullOrWhiteSpace(query.Text) && (query.Tag is null || view.Snapshot.Facets.IsIndexed(TagKey(query.Tag)));

    /// <summary>The provider's own name of what engines call it.</summary>
    public static string? Provider(string? given) => given?.ToLowerInvariant() switch { "azurerm" or "azuread" => "azure", "google" => "gcp", "k8s" => "kubernetes", var name => name };

    /// <summary>At most so many ordinals that come after a place in the order of answers.</summary>
    public List<int> After(long key, int most)
    {
        var (page, next) = (new List<int>(most), 0);
        while (next < changed.Count && view.Key(changed[next]) <= key)
        {
            next++;
        }

        foreach (var rank in From((int)(key >> 32), most))
        {
            for (; next < changed.Count && view.Key(changed[next]) < GraphView.KeyOfRank(rank); next++)
            {
                page.Add(changed[next]);
            }

            page.Add(view.Snapshot.ByRank[rank]);
        }

        page.AddRange(changed.Skip(next).Take(most));
        return page.Count > most ? page[..most] : page;
    }

    private static string TagKey(string tag) => tag.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? tag[..equals] : tag;

    private static string? TagValue(string tag) => tag.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? tag[(equals + 1)..] : null;

    private IEnumerable<Condition> Conditions()
    {
        var facets = view.Snapshot.Facets;
        foreach (var (facet, wanted) in new[] { (FacetIndex.Provider, Provider(query.Provider)), (FacetIndex.Account, query.Account), (FacetIndex.Region, query.Region), (FacetIndex.Environment, query.Environment) })
        {
            if (wanted is not null)
            {
                yield return That(facets.Values(facet, wanted));
            }
        }

        if (query.Tag is { } tag)
        {
            yield return That(TagValue(tag) is { } value ? facets.Values(FacetIndex.Tag + TagKey(tag), value) : facets.Values(FacetIndex.Tag + TagKey(tag)).SelectMany(Each));
        }

        if (query.ChangedSince is { } since)
        {
            yield return That(facets.Values(FacetIndex.Changed).SelectMany(range => Each(facets.FirstFrom(range, SnapshotRow.Moment(since.ToUnixTimeMilliseconds()))..range.End)));
        }

        foreach (var (facet, wanted) in new[] { (FacetIndex.Managed, query.Managed), (FacetIndex.Findings, query.Findings) })
        {
            if (wanted is { } holds)
            {
                yield return That(facets.Values(facet).SelectMany(Each), isNot: !holds);
            }
        }
    }

    private Condition That(IEnumerable<int> values, bool isNot = false)
    {
        var (list, count) = (values.ToArray(), 0);
        foreach (var value in list)
        {
            count += view.Snapshot.Postings.Count(value);
        }

        return new Condition(list, isNot, count);
    }

    /// <summary>How many the snapshot has.</summary>
    private int Count()
    {
        if (view.Overlay is null && conditions.Length == 0)
        {
            return types.Sum(range => range.End - range.Start);
        }

        if (view.Overlay is null && query.Type is null && conditions is [{ Only: >= 0 } only])
        {
            return only.Count;
        }

        var total = 0;
        var postings = view.Snapshot.Postings;
        Span<ulong> words = stackalloc ulong[PostingContainer.Words], spare = stackalloc ulong[PostingContainer.Words], any = stackalloc ulong[PostingContainer.Words];
        Span<ushort> listed = stackalloc ushort[PostingContainer.MostInArray];
        for (var upper = 0; upper << 16 < view.Snapshot.Count; upper++)
        {
            var few = List(postings, upper, listed, any);
            if (few > 0)
            {
                total += few;
            }
            else if (few < 0 && Leave(postings, upper, words, spare, any))
            {
                total += Bits.Count(words);
            }
        }

        return total;
    }

    /// <summary>The first ranks from a place, at most so many.</summary>
    private List<int> From(int start, int most)
    {
        var found = new List<int>(most);
        var postings = view.Snapshot.Postings;
        Span<ulong> words = stackalloc ulong[PostingContainer.Words], spare = stackalloc ulong[PostingContainer.Words], any = stackalloc ulong[PostingContainer.Words];
        Span<ushort> listed = stackalloc ushort[PostingContainer.MostInArray];
        for (var upper = start >> 16; upper << 16 < view.Snapshot.Count && found.Count < most; upper++)
        {
            var (few, first) = (List(postings, upper, listed, any), Math.Max(0, start - (upper << 16)));
            for (var at = 0; at < few && found.Count < most; at++)
            {
                if (listed[at] >= first)
                {
                    found.Add((upper << 16) + listed[at]);
                }
            }

            if (few < 0 && Leave(postings, upper, words, spare, any))
            {
                Bits.AddFrom(words, first, upper << 16, most, found);
            }
        }

        return found;
    }

    /// <summary>Lists the lower halves of the ranks of one container for which all holds, and answers how many; -1 where even the rarest value is had by too many to be listed.</summary>
    private int List(in Postings postings, int upper, Span<ushort> listed, Span<ulong> any)
    {
        var few = !IsTyped(upper) ? 0 : conditions is [{ Only: >= 0 } rarest, ..] ? postings.List(listed, rarest.Only, upper) : -1;
        if (few > 0 && query.Type is not null)
        {
            any.Clear();
            FillTypes(any, upper);
            few = Bits.Keep(listed[..few], any);
        }

        for (var at = 1; at < conditions.Length && few > 0; at++)
        {
            few = conditions[at].Keep(postings, listed[..few], upper, any);
        }

        return few > 0 && view.Overlay is { } overlay ? Bits.Keep(listed[..few], overlay.HiddenRanks.Slice(upper * PostingContainer.Words, PostingContainer.Words), isNot: true) : few;
    }

    private bool IsTyped(int upper) => types.Exists(range => range.Start < (upper + 1) << 16 && range.End > upper << 16);

    private void FillTypes(Span<ulong> words, int upper)
    {
        foreach (var (start, end) in types)
        {
            Bits.Fill(words, Math.Max(start - (upper << 16), 0), Math.Min(end - (upper << 16), 1 << 16));
        }
    }

    /// <summary>Sets, of the words of one container, those for which the types and the conditions hold; answers whether there can be any.</summary>
    private bool Leave(in Postings postings, int upper, Span<ulong> words, Span<ulong> spare, Span<ulong> any)
    {
        if (!IsTyped(upper) || (conditions is [{ Only: >= 0 } rarest, ..] && !postings.IsAny(rarest.Only, upper)))
        {
            return false;
        }

        words.Clear();
        FillTypes(words, upper);
        var isAny = true;
        for (var at = 0; at < conditions.Length && isAny; at++)
        {
            isAny = conditions[at].Leave(postings, words, upper, spare, any);
        }

        if (isAny && view.Overlay is { } overlay)
        {
            Bits.AndNot(words, overlay.HiddenRanks.Slice(upper * PostingContainer.Words, PostingContainer.Words));
        }

        return isAny;
    }

    /// <summary>The ranks of the types that are wanted: each type's are neighbours.</summary>
    private List<(int Start, int End)> Types()
    {
        if (query.Type is null)
        {
            return [(0, view.Snapshot.Count)];
        }

        var ranges = new List<(int, int)>();
        foreach (var type in new[] { query.Type, TerraformTypes.ProviderType(query.Type) }.Select(view.Snapshot.Types.Find).Where(type => type > 0).Distinct().Order())
        {
            ranges.Add((view.Snapshot.TypeRanks[type - 1], view.Snapshot.TypeRanks[type]));
        }

        return ranges;
    }

    private bool Matches(OverlayRow holder)
    {
        var row = holder.Row;
        return Is(Provider(query.Provider), row.Provider) && Is(query.Account, row.Account) && Is(query.Region, row.Region) && Is(query.Environment, row.Environment)
            && (query.Type is null || Is(query.Type, row.Type) || Is(TerraformTypes.ProviderType(query.Type), row.Type))
            && (query.Managed is null || query.Managed == row.IsManaged) && (query.Findings is null || query.Findings == holder.HasFindings)
            && (query.ChangedSince is null || row.ChangedAt >= query.ChangedSince.Value.ToUnixTimeMilliseconds())
            && (query.Tag is null || holder.Tags.Exists(tag => Is(TagKey(query.Tag), tag.Key) && Is(TagValue(query.Tag), tag.Value)));
    }

    private static bool Is(string? wanted, string? actual) => wanted is null || string.Equals(wanted, actual, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<int> Each(Range values) => Enumerable.Range(values.Start.Value, values.End.Value - values.Start.Value);
}
