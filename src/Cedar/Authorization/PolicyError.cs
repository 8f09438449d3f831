namespace McpInfra.Cedar;

/// <summary>A policy that could not be evaluated, why, and where in its text. It is left out of the decision, as the language prescribes.</summary>
public sealed record PolicyError(Policy Policy, SourcePosition Position, string Message);
