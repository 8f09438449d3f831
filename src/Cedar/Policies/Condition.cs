namespace McpInfra.Cedar;

/// <summary>A `when` or `unless` clause.</summary>
internal sealed record Condition(bool IsWhen, Expression Body, Span Span);
