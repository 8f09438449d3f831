using System.Text.Json.Serialization;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Plans;

/// <summary>A plan that ran: what was planned, on what it rests, and its evidence. Belongs to one caller and session. Holds no secret.</summary>
public sealed record Plan
{
    /// <summary>How every plan's id begins.</summary>
    public const string Prefix = "plan_";

    /// <summary><see cref="Prefix"/> and random letters.</summary>
    public required string Id { get; init; }

    /// <summary>The organisation it belongs to.</summary>
    public required string Organization { get; init; }

    /// <summary>The person it belongs to.</summary>
    public string? Person { get; init; }

    /// <summary>The agent type that planned.</summary>
    public required string Agent { get; init; }

    /// <summary>The session it belongs to.</summary>
    public required string Session { get; init; }

    /// <summary>Registered repository.</summary>
    public required string Repository { get; init; }

    /// <summary>Stack folder within it.</summary>
    public required string Stack { get; init; }

    /// <summary>prod, staging, …; null when unknown.</summary>
    public string? Environment { get; init; }

    /// <summary>Commit of the base, hexadecimal.</summary>
    public required string Base { get; init; }

    /// <summary>Tree with the edits, hexadecimal; in the repository's object database.</summary>
    public required string Tree { get; init; }

    /// <summary>Files that the edits change, with `/`, against the base.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>SHA-256 over everything the plan rests on, hexadecimal.</summary>
    public required string Digest { get; init; }

    /// <summary>The inputs of the digest by name, so that what moved can be named.</summary>
    public required IReadOnlyDictionary<string, string> Rests { get; init; }

    /// <summary>What would change, masked.</summary>
    public required IReadOnlyList<PlannedChange> Changes { get; init; }

    /// <summary>What rules decide on; null of a plan that an earlier version made.</summary>
    public PlanFacts? Facts { get; init; }

    /// <summary>What was checked, in order, with its result in our own words.</summary>
    public required IReadOnlyList<PlanCheck> Checks { get; init; }

    /// <summary>Places in code where CI may find something else than this plan did, with paths of the tenant's.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Addresses left out because they differ only by a token that stands for a secret.</summary>
    public IReadOnlyList<string> NotCompared { get; init; } = [];

    /// <summary>What was reached how often, and what was refused: one line each, with names of the tenant's.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>The masked diff as the engine would show it: tenant's text.</summary>
    public required string Diff { get; init; }

    /// <summary>When it ran.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The plan as guards see it: its id carries what it stands for.</summary>
    [JsonIgnore]
    public Target Target => new() { Id = $"{Repository}/{Stack}@{Digest}", Type = "plan", Repository = Repository, Environment = Environment, Plan = Facts };
}

/// <summary>One planned change.</summary>
/// <param name="Address">Address in code.</param>
/// <param name="Action">create, update, delete, replace or read.</param>
/// <param name="Resource">Id in the graph, when known.</param>
public sealed record PlannedChange(string Address, string Action, string? Resource)
{
    /// <summary>How many resources use it, directly or through others; null when the graph does not know it.</summary>
    public int? Affected { get; init; }
}

/// <summary>One check of a plan.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">Whether it passed.</param>
/// <param name="Note">What was seen, in our own words.</param>
public sealed record PlanCheck(string Name, bool Passed, string Note)
{
    /// <summary>What it is about, as the code names it: tenant's text, and so apart.</summary>
    public IReadOnlyList<string> Named { get; init; } = [];

    /// <summary>The note with what it is about, for people and where all text counts as tenant's.</summary>
    public string Told() => Named.Count == 0 ? Note : $"{Note}: {string.Join("; ", Named)}";
}
