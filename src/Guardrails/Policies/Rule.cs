using McpInfra.Cedar;

namespace McpInfra.Guardrails.Policies;

/// <summary>A Cedar policy of the operator's with what follows when it applies.</summary>
public sealed record Rule
{
    /// <summary>The policy.</summary>
    public required Policy Policy { get; init; }

    /// <summary>Its `@id`, else file and line.</summary>
    public required string Name { get; init; }

    /// <summary>The file within the folder of policies.</summary>
    public string File => Policy.Position.File;

    /// <summary>1-based line of its first word.</summary>
    public int Line => Policy.Position.Line;

    /// <summary>True for forbid.</summary>
    public bool Forbids => Policy.Effect is Effect.Forbid;

    /// <summary>`@severity`; block for a forbid without one, null for a permit without one.</summary>
    public required Severity? Severity { get; init; }

    /// <summary>`@remedy`: what would help.</summary>
    public string? Remedy { get; init; }

    /// <summary>`@people`: how many must approve when it escalates.</summary>
    public int People { get; init; } = 1;

    /// <summary>`@label`: what a proposal that it applies to is labelled with.</summary>
    public string? Label { get; init; }

    /// <summary>How messages name it.</summary>
    public override string ToString() => Policy.Annotations.ContainsKey("id") ? $"{Name} ({File}:{Line})" : Name;
}
