namespace McpInfra.Cedar;

/// <summary>Why evaluating an expression failed, and where in the policy's text.</summary>
internal sealed record EvaluationFault(Span Span, string Message);
