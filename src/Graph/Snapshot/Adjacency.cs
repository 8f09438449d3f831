namespace McpInfra.Graph.Snapshot;

/// <summary>Lists of edges by ordinal, as compressed sparse rows.</summary>
internal readonly ref struct Adjacency(ReadOnlySpan<int> starts, ReadOnlySpan<uint> edges)
{
    private readonly ReadOnlySpan<int> starts = starts;
    private readonly ReadOnlySpan<uint> edges = edges;

    public ReadOnlySpan<uint> Of(int ordinal) => Of(ordinal, ordinal + 1);

    /// <summary>The lists of neighbouring ordinals, one after another.</summary>
    public ReadOnlySpan<uint> Of(int first, int end) => edges[starts[first]..starts[end]];

    public int Count(int ordinal) => starts[ordinal + 1] - starts[ordinal];
}
