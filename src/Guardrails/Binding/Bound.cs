namespace McpInfra.Guardrails.Binding;

/// <summary>Bound arguments, or what is wrong with them.</summary>
/// <param name="Arguments">Of the operation's own argument type; null when they do not bind.</param>
/// <param name="Fault">What is wrong and what is allowed, naming only the schema's own words; null when they bind.</param>
public sealed record Bound(object? Arguments, string? Fault);
