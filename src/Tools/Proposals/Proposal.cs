namespace McpInfra.Tools.Proposals;

/// <summary>A change put before people: one plan, one branch, one pull request. Holds no secret.</summary>
public sealed record Proposal
{
    /// <summary>`proposal_` and letters.</summary>
    public required string Id { get; init; }

    /// <summary>The organisation it belongs to.</summary>
    public required string Organization { get; init; }

    /// <summary>Registered repository.</summary>
    public required string Repository { get; init; }

    /// <summary>The plan it was made from.</summary>
    public required string Plan { get; init; }

    /// <summary>The plan's digest: one proposal for each.</summary>
    public required string Digest { get; init; }

    /// <summary>Commit that the plan was made on, hexadecimal.</summary>
    public required string Base { get; init; }

    /// <summary>Tree of the proposal, hexadecimal.</summary>
    public required string Tree { get; init; }

    /// <summary>Files that differ from the base.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>`agent/{agent-type}/{reference}/{suffix}`.</summary>
    public required string Branch { get; init; }

    /// <summary>One line, harmless on a forge.</summary>
    public required string Title { get; init; }

    /// <summary>The commit's message.</summary>
    public required string Message { get; init; }

    /// <summary>The evidence, Markdown, harmless on a forge.</summary>
    public required string Body { get; init; }

    /// <summary>What the operator's rules label it with on its forge.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>When it was first asked for.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Where people see it; null until the forge has it.</summary>
    public string? Url { get; init; }
}
