namespace McpInfra.Graph;

/// <summary>What a scanner found, linked to resources by id, alias, code address or file and line.</summary>
public sealed record Finding
{
    /// <summary>What a complete listing of findings names as its type, in place of a type of resources.</summary>
    public const string Scope = "finding";

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

    /// <summary>What the scanner says of it now; one that a complete scan no longer reports is resolved.</summary>
    public FindingStatus Status { get; init; }

    /// <summary>Id, alias or code address of the resource, when the scanner names one.</summary>
    public string? Resource { get; init; }

    /// <summary>Further resources that it speaks of.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>File within the repository, with `/`.</summary>
    public string? File { get; init; }

    /// <summary>First line, 1-based.</summary>
    public int? Line { get; init; }

    /// <summary>Where to read about the rule.</summary>
    public string? Help { get; init; }

    /// <summary>What the scanner says would mend it.</summary>
    public string? Remedy { get; init; }

    /// <summary>Compliance frameworks with their requirements, as the scanner names them: `CIS-1.4 2.1.5`.</summary>
    public IReadOnlyList<string> Frameworks { get; init; } = [];

    /// <summary>Account, where the scanner says it.</summary>
    public string? Account { get; init; }

    /// <summary>Region, where the scanner says it.</summary>
    public string? Region { get; init; }

    /// <summary>Since when the scanner knows of it, where it says so.</summary>
    public DateTimeOffset? Since { get; init; }
}
