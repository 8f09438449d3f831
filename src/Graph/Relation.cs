namespace McpInfra.Graph;

/// <summary>A relation between two resources, each named by id or alias; one whose end is not yet known waits for it.</summary>
/// <param name="From">Id or alias.</param>
/// <param name="Type">From the common vocabulary.</param>
/// <param name="To">Id or alias.</param>
public sealed record Relation(string From, RelationType Type, string To)
{
    /// <summary>Whether impact (from what is used to its users) runs along the relation; else it runs against it.</summary>
    public static bool ImpactRunsForward(RelationType type) => type is RelationType.Contains or RelationType.Hosts or RelationType.Owns;
}
