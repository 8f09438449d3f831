namespace McpInfra.Guardrails;

/// <summary>Where a request came from, as the transport established it; nothing in it is the client's word but <see cref="Client"/>.</summary>
/// <param name="Transport">"stdio", "http", or "schedule".</param>
/// <param name="Person">The authenticated person, absent for a schedule.</param>
/// <param name="Session">The session that budgets, taint and plans belong to; chosen by the server.</param>
/// <param name="Client">The client's own name for itself, for the trail only.</param>
public sealed record Peer(string Transport, string? Person, string Session, string? Client);
