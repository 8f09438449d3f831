using McpInfra.Guardrails.Agents;

namespace McpInfra.Guardrails;

/// <summary>Who calls, established by the identity guard.</summary>
/// <param name="Organization">The tenant; part of every key, path, query and cache.</param>
/// <param name="Person">The person on whose behalf, absent for a schedule.</param>
/// <param name="Agent">The agent type with its rights.</param>
/// <param name="Session">The session with its budgets and marks.</param>
/// <param name="Client">The client's own name for itself; never decided upon.</param>
/// <param name="Enforced">False when the caller's own user could write what guards it (stdio on a laptop).</param>
public sealed record Caller(string Organization, string? Person, AgentType Agent, Session Session, string? Client, bool Enforced);
