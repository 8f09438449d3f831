namespace McpInfra.Graph.Snapshot;

/// <summary>Neighbouring ordinals: what is reached together mostly lies side by side.</summary>
/// <param name="Start">The first.</param>
/// <param name="End">After the last.</param>
internal readonly record struct Stretch(int Start, int End)
{
    public int Count => End - Start;

    /// <summary>How many there are in all.</summary>
    public static int Sum(ReadOnlySpan<Stretch> stretches)
    {
        var count = 0;
        foreach (var stretch in stretches)
        {
            count += stretch.Count;
        }

        return count;
    }
}
