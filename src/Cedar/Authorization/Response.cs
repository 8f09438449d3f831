namespace McpInfra.Cedar;

/// <summary>The decision, the policies that determined it, and those that failed; a caller that wants errors to deny looks at both.</summary>
public sealed record Response(Decision Decision, IReadOnlyList<Policy> Determining, IReadOnlyList<PolicyError> Errors);
