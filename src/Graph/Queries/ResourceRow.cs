namespace McpInfra.Graph.Queries;

/// <summary>A resource as answers list it.</summary>
public sealed record ResourceRow
{
    /// <summary>The store's own number of it; means nothing outside of this store.</summary>
    internal long Node { get; init; }

    /// <summary>Canonical id.</summary>
    public required string Id { get; init; }

    /// <summary>The provider's own type.</summary>
    public required string Type { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its provider.</summary>
    public required string Provider { get; init; }

    /// <summary>Account, subscription or project.</summary>
    public string? Account { get; init; }

    /// <summary>Region, null for global.</summary>
    public string? Region { get; init; }

    /// <summary>prod, staging, …</summary>
    public string? Environment { get; init; }

    /// <summary>The provider's state word.</summary>
    public string? Status { get; init; }

    /// <summary>Owner by tag, else by CODEOWNERS.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether a state manages it.</summary>
    public bool IsManaged { get; init; }

    /// <summary>Its code address.</summary>
    public string? Address { get; init; }

    /// <summary>Registered repository that holds its code.</summary>
    public string? Repository { get; init; }

    /// <summary>File within that repository.</summary>
    public string? File { get; init; }

    /// <summary>Line of that file.</summary>
    public int? Line { get; init; }

    /// <summary>Attributes that its cloud tells otherwise than the state that manages it.</summary>
    public IReadOnlyList<string> Drifted { get; init; } = [];

    /// <summary>When a scan first saw it.</summary>
    public DateTimeOffset FirstSeen { get; init; }

    /// <summary>When a scan last saw other facts than before.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>When a scan no longer saw it; null while it is there.</summary>
    public DateTimeOffset? GoneAt { get; init; }
}
