using System.Buffers;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Queries;

namespace McpInfra.Graph.Snapshot;

/// <summary>The resources that filters leave. Holds pooled memory until it is disposed.</summary>
internal sealed class Selection : IDisposable
{
    private readonly GraphView view;
    private readonly SearchQuery query;
    private readonly int words;
    private readonly ulong[] bits;
    private readonly List<int> changed = [];

    public Selection(GraphView view, SearchQuery query)
    {
        (this.view, this.query, words) = (view, query, Bits.Words(view.Snapshot.Count));
        bits = ArrayPool<ulong>.Shared.Rent(words);
        Total = Narrow([.. Conditions().OrderBy(condition => condition.IsNot).ThenBy(condition => condition.Count)]);
        if (view.Overlay is { } overlay)
        {
            changed.AddRange(overlay.Ordered.Where(ordinal => Matches(overlay.Rows[ordinal])));
            Total += changed.Count;
        }
    }

    /// <summary>How many there are.</summary>
    public int Total { get; }

    /// <summary>Those that are as the snapshot says, by rank.</summary>
    public ReadOnlySpan<ulong> Ranks => bits.AsSpan(0, words);

    /// <summary>Those that changed since, in the order of answers.</summary>
    public IReadOnlyList<int> Changed => changed;

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

        foreach (var rank in Bits.From(Ranks, (int)(key >> 32), most))
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

    public void Dispose() => ArrayPool<ulong>.Shared.Return(bits);

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

    /// <summary>Container by container, so that what is worked on stays near the processor; answers how many are left.</summary>
    private int Narrow(Condition[] conditions)
    {
        Span<ulong> spare = stackalloc ulong[PostingContainer.Words], any = stackalloc ulong[PostingContainer.Words];
        var (total, types) = (0, Types());
        var postings = view.Snapshot.Postings;
        for (var upper = 0; upper < words / PostingContainer.Words; upper++)
        {
            var here = bits.AsSpan(upper * PostingContainer.Words, PostingContainer.Words);
            here.Clear();
            var isAny = false;
            foreach (var (start, end) in types)
            {
                var (from, to) = (Math.Max(start - (upper << 16), 0), Math.Min(end - (upper << 16), 1 << 16));
                Bits.Fill(here, from, to);
                isAny |= from < to;
            }

            for (var at = 0; at < conditions.Length && isAny; at++)
            {
                isAny = conditions[at].Leave(postings, here, upper, spare, any);
            }

            if (isAny && view.Overlay is { } overlay)
            {
                Bits.AndNot(here, overlay.HiddenRanks.Slice(upper * PostingContainer.Words, PostingContainer.Words));
            }

            total += isAny ? Bits.Count(here) : 0;
        }

        return total;
    }

    /// <summary>The ranks of the types that are wanted: each type's are neighbours.</summary>
    private List<(int Start, int End)> Types()
    {
        if (query.Type is null)
        {
            return [(0, view.Snapshot.Count)];
        }

        var ranges = new List<(int, int)>();
        foreach (var type in new[] { query.Type, TerraformTypes.ProviderType(query.Type) }.Select(view.Snapshot.Types.Find).Where(type => type > 0).Distinct())
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
