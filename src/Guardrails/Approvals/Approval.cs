namespace McpInfra.Guardrails.Approvals;

/// <summary>A person's leave for one exact call, wanted or given. What it shows an approver is redacted.</summary>
public sealed record Approval
{
    /// <summary>`approval_` and random letters.</summary>
    public required string Id { get; init; }

    /// <summary>The organisation.</summary>
    public required string Organization { get; init; }

    /// <summary>On whose behalf the call was asked for; null for a schedule.</summary>
    public string? Person { get; init; }

    /// <summary>The agent type that asked.</summary>
    public required string Agent { get; init; }

    /// <summary>The session that asked.</summary>
    public required string Session { get; init; }

    /// <summary>The audit id of the call that asked first.</summary>
    public required string Call { get; init; }

    /// <summary>The operation that would run.</summary>
    public required string Operation { get; init; }

    /// <summary>Its arguments as JSON in ASCII, redacted.</summary>
    public required string Arguments { get; init; }

    /// <summary>What it would touch: type, id, environment and repository, one a line.</summary>
    public required string Targets { get; init; }

    /// <summary>Why a person is wanted: `guard: rule`, one a line, in our own words.</summary>
    public required string Reasons { get; init; }

    /// <summary>How many people must approve.</summary>
    public required int People { get; init; }

    /// <summary>Who has approved so far, oldest first.</summary>
    public required IReadOnlyList<string> ApprovedBy { get; init; }

    /// <summary>Where it stands.</summary>
    public required ApprovalState State { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it ends unless it is used before.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Who denied it.</summary>
    public string? DeniedBy { get; init; }

    /// <summary>The audit id of the call that used it.</summary>
    public string? UsedBy { get; init; }

    /// <summary>False when the asking user could also approve, or write what this is kept in: "same user, not enforced".</summary>
    public required bool IsEnforced { get; init; }
}
