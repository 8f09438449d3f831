namespace McpInfra.Graph.Drift;

/// <summary>How a resource in its cloud differs from what a state says of it, attribute by attribute.</summary>
/// <param name="Drifted">What differs.</param>
/// <param name="Alike">Attributes that were compared and are alike.</param>
/// <param name="NotComparable">Attributes that one side does not tell, or not readably.</param>
public sealed record ResourceDrift(IReadOnlyList<DriftedAttribute> Drifted, IReadOnlyList<string> Alike, IReadOnlyList<UncomparedAttribute> NotComparable)
{
    /// <summary>Why nothing at all was compared; null when something was.</summary>
    public string? Reason { get; init; }

    /// <summary>Nothing was compared.</summary>
    internal static ResourceDrift None(string reason) => new([], [], []) { Reason = reason };
}

/// <summary>An attribute that differs.</summary>
/// <param name="Attribute">As the state calls it: `versioning`, `tags.owner`.</param>
/// <param name="State">What the state says.</param>
/// <param name="Cloud">What the cloud says.</param>
public sealed record DriftedAttribute(string Attribute, string State, string Cloud);

/// <summary>An attribute that was not compared, and why.</summary>
public sealed record UncomparedAttribute(string Attribute, string Reason);
