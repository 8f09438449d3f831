namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Counts failed listings: when all have failed, the source has.</summary>
internal sealed class FailureCount(int listings)
{
    private readonly Lock _lock = new();
    private string? _first;
    private int _failed;

    public void Add(string message)
    {
        lock (_lock)
        {
            _first ??= message;
            _failed++;
        }
    }

    public SourceException? Verdict(string source) =>
        _failed < listings ? null : new SourceException($"Source {source}: every listing failed; the first: {_first}");
}
