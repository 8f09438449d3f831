namespace McpInfra.Graph.Queries;

/// <summary>What findings are searched for; every filter that is set must hold.</summary>
public sealed record FindingQuery
{
    /// <summary>Part of a rule, message, scanner, resource, file or remedy, any case; else all of its words.</summary>
    public string? Text { get; init; }

    /// <summary>critical, high, medium, low or info.</summary>
    public string? Severity { get; init; }

    /// <summary>Where it stands; null for any.</summary>
    public FindingStatus? Status { get; init; }

    /// <summary>Part of a framework's name or requirement, any case.</summary>
    public string? Framework { get; init; }

    /// <summary>Only what speaks of the resource.</summary>
    public ResourceRow? Resource { get; init; }

    /// <summary>Only what was open then, as far as scans tell.</summary>
    public DateTimeOffset? OpenAt { get; init; }

    /// <summary>Most findings of the page.</summary>
    public int Limit { get; init; } = 25;

    /// <summary>How many to pass over.</summary>
    public long Offset { get; init; }
}

/// <summary>A page of findings.</summary>
/// <param name="Findings">The most severe first.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Others">How many more match whose status is another.</param>
public sealed record FindingPage(IReadOnlyList<JoinedFinding> Findings, long Total, long Others);

/// <summary>One rule on one resource, as every scanner together tells it.</summary>
public sealed record JoinedFinding
{
    /// <summary>Stable while a scanner reports it.</summary>
    public required string Id { get; init; }

    /// <summary>The first scanner's rule id.</summary>
    public required string Rule { get; init; }

    /// <summary>The first scanner's message.</summary>
    public required string Title { get; init; }

    /// <summary>The highest that any scanner gives it.</summary>
    public required string Severity { get; init; }

    /// <summary>Open while one scanner reports it as open.</summary>
    public FindingStatus Status { get; init; }

    /// <summary>Who reports it.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>Resources it speaks of that the graph has.</summary>
    public IReadOnlyList<ResourceRow> Resources { get; init; } = [];

    /// <summary>What the scanner calls the resource.</summary>
    public string? Key { get; init; }

    /// <summary>File, where a scanner names one.</summary>
    public string? File { get; init; }

    /// <summary>Line of that file.</summary>
    public int? Line { get; init; }

    /// <summary>Where to read about the rule.</summary>
    public string? Help { get; init; }

    /// <summary>What would mend it.</summary>
    public string? Remedy { get; init; }

    /// <summary>Frameworks and requirements.</summary>
    public IReadOnlyList<string> Frameworks { get; init; } = [];

    /// <summary>Since when it is known.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When it was resolved or suppressed; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How its status went, the latest last.</summary>
    public IReadOnlyList<FindingEvent> History { get; init; } = [];
}

/// <summary>A change of a finding's status.</summary>
public sealed record FindingEvent(DateTimeOffset Time, FindingStatus Status);
