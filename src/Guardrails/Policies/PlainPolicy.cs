using McpInfra.Guardrails.Agents;

namespace McpInfra.Guardrails.Policies;

/// <summary>A policy in plain language, as agents are told it.</summary>
/// <param name="File">The file within the folder of policies.</param>
/// <param name="Id">Its name.</param>
/// <param name="Text">Markdown without the front matter.</param>
public sealed record PlainPolicy(string File, string Id, string Text)
{
    /// <summary>Its version; null when it names none.</summary>
    public string? Version { get; init; }

    /// <summary>Who answers for it.</summary>
    public string? Owner { get; init; }

    /// <summary>Agent types that it speaks to; null for all.</summary>
    public IReadOnlyList<string>? Agents { get; init; }

    /// <summary>Operations that it speaks of; null for all.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>Rules that enforce it, by id; empty when nothing does.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Whether it concerns an agent type: by name, and by an operation that the type may call.</summary>
    public bool SpeaksTo(AgentType agent) =>
        (Agents is null || Glob.AnyMatches(Agents, agent.Name))
        && (Operations is null || Operations.Any(operation => Glob.AnyMatches(agent.Allow, operation) && !Glob.AnyMatches(agent.Deny, operation)));
}
