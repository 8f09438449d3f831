namespace McpInfra.Graph.Queries;

/// <summary>Which changes are asked for; every filter that is set must hold, for a relation at one of its ends.</summary>
/// <param name="Since">From then on.</param>
/// <param name="Until">Before then.</param>
public sealed record ChangeQuery(DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>Provider's or Terraform's type, any case.</summary>
    public string? Type { get; init; }

    /// <summary>Account, any case.</summary>
    public string? Account { get; init; }

    /// <summary>Most changes of the page.</summary>
    public int Limit { get; init; } = 25;

    /// <summary>Where the page before ended; 0 for the first.</summary>
    public long Place { get; init; }
}

/// <summary>A page of changes, the latest first.</summary>
/// <param name="Changes">The changes.</param>
/// <param name="Appeared">Resources that appeared, on all pages.</param>
/// <param name="Changed">Changes of resources.</param>
/// <param name="Gone">Resources that went.</param>
/// <param name="Relations">Relations that appeared or went between resources that stayed.</param>
public sealed record ChangePage(IReadOnlyList<Change> Changes, long Appeared, long Changed, long Gone, long Relations)
{
    /// <summary>Whether nothing was seen before, so that all that a first scan saw counts as appeared.</summary>
    public bool IsFromTheStart { get; init; }

    /// <summary>How many there are on all pages.</summary>
    public long Total => Appeared + Changed + Gone + Relations;
}

/// <summary>One change that a scan saw.</summary>
/// <param name="Time">When the scan saw it.</param>
/// <param name="What">appeared, changed or gone.</param>
/// <param name="Resource">The resource, or the one that a relation runs from.</param>
public sealed record Change(DateTimeOffset Time, string What, ResourceRow Resource)
{
    /// <summary>What differs, by name, at most forty.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>What the first few fields were and are.</summary>
    public IReadOnlyList<ChangedValue> Values { get; init; } = [];

    /// <summary>The relation that appeared or went; null when it is the resource that did.</summary>
    public RelationType? Relation { get; init; }

    /// <summary>The other end of the relation.</summary>
    public ResourceRow? Other { get; init; }

    /// <summary>Where the page after this change begins; 0 when it cannot be said.</summary>
    public required long PlaceAfter { get; init; }
}

/// <summary>A field before and after a change; null where it was not there.</summary>
/// <param name="Field">Its name: `status`, `tags.owner`, `configuration.Engine`.</param>
/// <param name="Was">Its value before, as JSON when it is not text.</param>
/// <param name="Is">Its value after.</param>
public sealed record ChangedValue(string Field, string? Was, string? Is);
