namespace McpInfra.Graph;

/// <summary>What a scanner found, linked to resources by id, alias, code address or file and line.</summary>
public sealed record Finding
{
    /// <summary>Stable across runs of the scanner.</summary>
    public required string Id { get; init; }

    /// <summary>The scanner's rule id.</summary>
    public required string Rule { get; init; }

    /// <summary>The scanner's message.</summary>
    public required string Title { get; init; }

    /// <summary>critical, high, medium, low or info.</summary>
    public required string Severity { get; init; }

    /// <summary>The scanner.</summary>
    public required string Tool { get; init; }

    /// <summary>Id, alias or code address of the resource, when the scanner names one.</summary>
    public string? Resource { get; init; }

    /// <summary>File within the repository, with `/`.</summary>
    public string? File { get; init; }

    /// <summary>First line, 1-based.</summary>
    public int? Line { get; init; }

    /// <summary>Where to read about the rule.</summary>
    public string? Help { get; init; }
}
