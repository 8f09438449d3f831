namespace McpInfra.Tools.Resources;

/// <summary>What can be told of a resource.</summary>
public enum ResourceSection
{
    /// <summary>Name, place, status, tags and history.</summary>
    Summary,

    /// <summary>The facts that matter.</summary>
    Configuration,

    /// <summary>What it is related to.</summary>
    Relations,

    /// <summary>The code that manages it.</summary>
    Code,

    /// <summary>How its cloud differs from what a state says.</summary>
    Drift,

    /// <summary>What scanners found.</summary>
    Findings,

    /// <summary>What it cost by month.</summary>
    Costs,

    /// <summary>Who owns it.</summary>
    Owner,
}
