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
    private bool isEverything = true;

    public Selection(GraphView view, SearchQuery query)
    {
        (this.view, this.query, words) = (view, query, Bits.Words(view.Snapshot.Count));
        bits = ArrayPool<ulong>.Shared.Rent(words);
        Array.Clear(bits, 0, words);
        Narrow();
        Total = Bits.Count(Snapshot) + changed.Count;
    }

    /// <summary>How many there are.</summary>
    public int Total { get; }

    /// <summary>Those that are as the snapshot says.</summary>
    public ReadOnlySpan<ulong> Snapshot => bits.AsSpan(0, words);

    /// <summary>Those that changed since, in the order of answers.</summary>
    public IReadOnlyList<int> Changed => changed;

    /// <summary>Whether a view can answer the query: it holds no texts, and not every tag.</summary>
    public static bool CanAnswer(GraphView view, SearchQuery query) =>
        string.IsNullOrWhiteSpace(query.Text) && (query.Tag is null || view.Snapshot.Facets.IsIndexed(TagKey(query.Tag)));

    /// <summary>The provider's own name of what engines call it.</summary>
    public static string? Provider(string? given) => given?.ToLowerInvariant() switch { "azurerm" or "azuread" => "azure", "google" => "gcp", "k8s" => "kubernetes", var name => name };

    public void Dispose() => ArrayPool<ulong>.Shared.Return(bits);

    private static string TagKey(string tag) => tag.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? tag[..equals] : tag;

    private static string? TagValue(string tag) => tag.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals ? tag[(equals + 1)..] : null;

    private void Narrow()
    {
        if (query.Provider is not null || query.Account is not null || query.Region is not null || query.Type is not null)
        {
            Narrow(Runs);
        }

        var facets = view.Snapshot.Facets;
        if (query.Environment is { } environment)
        {
            NarrowTo(facets.Values(FacetIndex.Environment, environment));
        }

        if (query.Tag is { } tag)
        {
            NarrowTo(TagValue(tag) is { } value ? facets.Values(FacetIndex.Tag + TagKey(tag), value) : facets.Values(FacetIndex.Tag + TagKey(tag)).SelectMany(Each));
        }

        if (query.ChangedSince is { } since)
        {
            NarrowTo(facets.Values(FacetIndex.Changed).SelectMany(range => Each(facets.FirstFrom(range, SnapshotRow.Moment(since.ToUnixTimeMilliseconds()))..range.End)));
        }

        Flag(FacetIndex.Managed, query.Managed);
        Flag(FacetIndex.Findings, query.Findings);
        if (isEverything)
        {
            Bits.Fill(bits, 0, view.Snapshot.Count);
        }

        if (view.Overlay is { } overlay)
        {
            Bits.AndNot(bits.AsSpan(0, words), overlay.Hidden[..words]);
            changed.AddRange(overlay.Ordered.Where(ordinal => Matches(overlay.Rows[ordinal])));
        }
    }

    private void Flag(string facet, bool? wanted)
    {
        if (wanted is true)
        {
            NarrowTo(view.Snapshot.Facets.Values(facet).SelectMany(Each));
        }
        else if (wanted is false)
        {
            if (isEverything)
            {
                Bits.Fill(bits, 0, view.Snapshot.Count);
                isEverything = false;
            }

            var without = ArrayPool<ulong>.Shared.Rent(words);
            Array.Clear(without, 0, words);
            SetIn(without, view.Snapshot.Facets.Values(facet).SelectMany(Each));
            Bits.AndNot(bits.AsSpan(0, words), without);
            ArrayPool<ulong>.Shared.Return(without);
        }
    }

    private void NarrowTo(IEnumerable<int> values) => Narrow(set => SetIn(set, values));

    private void SetIn(ulong[] set, IEnumerable<int> values)
    {
        var postings = view.Snapshot.Postings;
        foreach (var value in values)
        {
            postings.SetIn(set.AsSpan(0, words), value);
        }
    }

    private void Narrow(Action<ulong[]> set)
    {
        if (isEverything)
        {
            set(bits);
            isEverything = false;
            return;
        }

        var others = ArrayPool<ulong>.Shared.Rent(words);
        Array.Clear(others, 0, words);
        set(others);
        Bits.And(bits.AsSpan(0, words), others);
        ArrayPool<ulong>.Shared.Return(others);
    }

    private void Runs(ulong[] set)
    {
        var snapshot = view.Snapshot;
        int? Wanted(string? text, SnapshotTexts texts) => text is null ? null : texts.Find(text);
        var (account, region, provider) = (Wanted(query.Account, snapshot.Accounts), Wanted(query.Region, snapshot.Regions), Wanted(Provider(query.Provider), snapshot.Providers));
        var (type, alias) = query.Type is null ? (null, null) : (Wanted(query.Type, snapshot.Types), Wanted(TerraformTypes.ProviderType(query.Type), snapshot.Types));
        var runs = snapshot.Runs;
        for (var at = 0; at < runs.Length; at++)
        {
            ref readonly var run = ref runs[at];
            if ((account is null || run.Account == account) && (region is null || run.Region == region) && (provider is null || run.Provider == provider)
                && (type is null || run.Type == type || run.Type == alias))
            {
                Bits.Fill(set, run.Start, snapshot.EndOf(at));
            }
        }
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
