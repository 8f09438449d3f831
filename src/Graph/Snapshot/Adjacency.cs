namespace McpInfra.Graph.Snapshot;

/// <summary>Lists of edges by ordinal, as compressed sparse rows; by default none.</summary>
internal readonly ref struct Adjacency(ReadOnlySpan<int> starts, ReadOnlySpan<uint> edges)
{
    private readonly ReadOnlySpan<int> starts = starts;
    private readonly ReadOnlySpan<uint> edges = edges;

    public ReadOnlySpan<uint> Of(int ordinal) => Of(ordinal, ordinal + 1);

    /// <summary>The lists of neighbouring ordinals, one after another.</summary>
    public ReadOnlySpan<uint> Of(int first, int end) => starts.IsEmpty ? [] : edges[starts[first]..starts[end]];

    /// <summary>How many edges the lists of neighbouring ordinals have in all.</summary>
    public int Count(int first, int end) => starts.IsEmpty ? 0 : starts[end] - starts[first];
}
