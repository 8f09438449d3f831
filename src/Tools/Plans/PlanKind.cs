namespace McpInfra.Tools.Plans;

/// <summary>What a run of the engine is to find out.</summary>
public enum PlanKind
{
    /// <summary>What edits would change.</summary>
    Change,

    /// <summary>How the cloud differs from what the state remembers; no change of code, and nothing to propose.</summary>
    Drift,
}
