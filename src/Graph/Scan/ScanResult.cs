using McpInfra.Graph.Collectors;

namespace McpInfra.Graph.Scan;

/// <summary>What a scan did.</summary>
/// <param name="Sources">One for each source, in the order asked.</param>
/// <param name="Located">Addresses of states whose file and line in code are known.</param>
/// <param name="Unmanaged">Live resources that no state manages.</param>
/// <param name="Took">Wall time.</param>
public sealed record ScanResult(IReadOnlyList<SourceResult> Sources, int Located, int Unmanaged, TimeSpan Took)
{
    /// <summary>Why which registered repositories could not be read; what was known by their code stays.</summary>
    public IReadOnlyDictionary<string, string> UnreadRepositories { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a whole source could not be read; one service that failed and was reported does not count.</summary>
    public bool Failed => Sources.Any(source => source.Failure is not null);
}

/// <summary>What the scan of one source did.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Kind">Its kind.</param>
public sealed record SourceResult(string Source, string Kind)
{
    /// <summary>Resources seen.</summary>
    public int Resources { get; init; }

    /// <summary>Relations seen.</summary>
    public int Relations { get; init; }

    /// <summary>Open findings seen.</summary>
    public int Findings { get; init; }

    /// <summary>Charges seen, by resource, service and month.</summary>
    public int Charges { get; init; }

    /// <summary>Documents seen.</summary>
    public int Documents { get; init; }

    /// <summary>Resources that are new or back.</summary>
    public int Added { get; init; }

    /// <summary>Resources whose facts changed.</summary>
    public int Changed { get; init; }

    /// <summary>Resources that are gone.</summary>
    public int Gone { get; init; }

    /// <summary>Services that failed; what was known of them stays, marked stale.</summary>
    public IReadOnlyList<Observation.Failed> Failures { get; init; } = [];

    /// <summary>Scopes in which most resources vanished at once; they are kept until a person releases them.</summary>
    public IReadOnlyList<string> Held { get; init; } = [];

    /// <summary>Why the whole source could not be read and what mends it; null when it was.</summary>
    public string? Failure { get; init; }
}
