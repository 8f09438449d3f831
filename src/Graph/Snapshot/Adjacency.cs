namespace McpInfra.Graph.Snapshot;

/// <summary>Lists of edges by ordinal, as compressed sparse rows.</summary>
internal readonly ref struct Adjacency(ReadOnlySpan<int> starts, ReadOnlySpan<uint> edges)
{
    private readonly ReadOnlySpan<int> starts = starts;
    private readonly ReadOnlySpan<uint> edges = edges;

    public ReadOnlySpan<uint> Of(int ordinal)
    {
        var start = starts[ordinal];
        return edges.Slice(start, starts[ordinal + 1] - start);
    }
}
