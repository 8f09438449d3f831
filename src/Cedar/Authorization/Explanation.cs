namespace McpInfra.Cedar;

/// <summary>A decision and how every policy came to its part of it.</summary>
public sealed record Explanation(Response Response, IReadOnlyList<PolicyExplanation> Policies);
