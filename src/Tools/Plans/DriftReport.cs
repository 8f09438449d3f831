using McpInfra.Tools.Plans.Engines.Terraform;

namespace McpInfra.Tools.Plans;

/// <summary>How a stack's cloud differs from what its state remembers. Belongs to one caller and session; holds no secret, and is no plan.</summary>
public sealed record DriftReport
{
    /// <summary>How every report's id begins.</summary>
    public const string Prefix = "drift_";

    /// <summary><see cref="Prefix"/> and random letters.</summary>
    public required string Id { get; init; }

    /// <summary>prod, staging, …; null when unknown.</summary>
    public string? Environment { get; init; }

    /// <summary>Serial of the state that was compared.</summary>
    public required long Serial { get; init; }

    /// <summary>What differs, masked.</summary>
    public required PlanContents Contents { get; init; }

    /// <summary>Resources and attributes that were not compared, because tokens stand where secrets are.</summary>
    public required IReadOnlyList<string> NotCompared { get; init; }

    /// <summary>What the graph knows of the addresses that differ.</summary>
    public required IReadOnlyDictionary<string, AddressImpact> Impact { get; init; }

    /// <summary>What was checked, in order, with its result in our own words.</summary>
    public required IReadOnlyList<PlanCheck> Checks { get; init; }

    /// <summary>What was reached how often, and what was refused.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>When it was found.</summary>
    public required DateTimeOffset Time { get; init; }
}
