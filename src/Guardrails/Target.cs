namespace McpInfra.Guardrails;

/// <summary>What a call touches, resolved by the operation after binding, so that policies see resources without knowing the graph.</summary>
public sealed record Target
{
    /// <summary>Canonical id: a resource's, or `repository/stack`.</summary>
    public required string Id { get; init; }

    /// <summary>The provider's type, or "repository", "stack", "plan".</summary>
    public required string Type { get; init; }

    /// <summary>The registered repository it belongs to, when it does.</summary>
    public string? Repository { get; init; }

    /// <summary>prod, staging, …; null when unknown.</summary>
    public string? Environment { get; init; }

    /// <summary>Cloud account, subscription or project.</summary>
    public string? Account { get; init; }

    /// <summary>The provider's region or location.</summary>
    public string? Region { get; init; }

    /// <summary>Whether code manages it; null when unknown.</summary>
    public bool? Managed { get; init; }

    /// <summary>What the plan would do; of a target of type "plan".</summary>
    public PlanFacts? Plan { get; init; }

    /// <summary>Owner by tag or CODEOWNERS.</summary>
    public string? Owner { get; init; }

    /// <summary>Tags of the resource.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
