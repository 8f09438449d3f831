namespace McpInfra.Graph.Queries;

/// <summary>What is searched for; every filter that is set must hold.</summary>
public sealed record SearchQuery
{
    /// <summary>Part of a name, id, address, alias or tag, any case.</summary>
    public string? Text { get; init; }

    /// <summary>Provider, any case.</summary>
    public string? Provider { get; init; }

    /// <summary>Provider's or Terraform's type, any case.</summary>
    public string? Type { get; init; }

    /// <summary>Account, any case.</summary>
    public string? Account { get; init; }

    /// <summary>Region, any case.</summary>
    public string? Region { get; init; }

    /// <summary>`key` or `key=value`, any case.</summary>
    public string? Tag { get; init; }

    /// <summary>Environment, any case.</summary>
    public string? Environment { get; init; }

    /// <summary>Whether a state manages it.</summary>
    public bool? Managed { get; init; }

    /// <summary>Whether it has findings.</summary>
    public bool? Findings { get; init; }

    /// <summary>Only what appeared or changed since.</summary>
    public DateTimeOffset? ChangedSince { get; init; }

    /// <summary>Most rows of the page.</summary>
    public int Limit { get; init; } = 25;

    /// <summary>Where the page before ended.</summary>
    public string? Cursor { get; init; }

    /// <summary>What a cursor of the query belongs to; within an hour the same for "since so long ago".</summary>
    internal string Identity(string? countBy, string organization) =>
        (this with { Cursor = null, Limit = 0, ChangedSince = null }).ToString() + ChangedSince?.ToUnixTimeSeconds() / 3600 + countBy + organization;
}

/// <summary>A page of resources.</summary>
/// <param name="Resources">In a stable order.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Gone">How many more match but are gone.</param>
/// <param name="ByWords">No resource holds the whole text; these hold every word of it.</param>
public sealed record SearchPage(IReadOnlyList<ResourceRow> Resources, long Total, long Gone, bool ByWords)
{
    /// <summary>Where the next page begins, or null.</summary>
    public string? Cursor { get; init; }

    /// <summary>A cursor to go on after that resource of the page, when not all of the page can be shown.</summary>
    public required Func<ResourceRow, string> CursorAfter { get; init; }
}

/// <summary>Counts by a value.</summary>
/// <param name="Counts">The most frequent first; a null value is none.</param>
/// <param name="Total">How many resources there are.</param>
/// <param name="Values">How many values there are.</param>
/// <param name="Cursor">Where the next page begins, or null.</param>
public sealed record CountPage(IReadOnlyList<ValueCount> Counts, long Total, long Values, string? Cursor);

/// <summary>How many resources have a value.</summary>
public sealed record ValueCount(string? Value, long Count);
