using System.Text.Json;

namespace McpInfra.Guardrails;

/// <summary>Text from a stranger: which operation is asked for, with which unread arguments. Only the runner sees it.</summary>
/// <param name="Kind">The kind of MCP request.</param>
/// <param name="Operation">The name asked for.</param>
/// <param name="Arguments">The arguments as they came; an undefined element means none.</param>
/// <param name="Peer">Where it came from.</param>
/// <param name="Structured">Whether the client asked for structured content too.</param>
public sealed record Request(OperationKind Kind, string Operation, JsonElement Arguments, Peer Peer, bool Structured = false);
