namespace McpInfra.Cedar;

/// <summary>What one policy came to, clause by clause, in the order of its text.</summary>
public sealed record PolicyExplanation(Policy Policy, IReadOnlyList<Clause> Scope, IReadOnlyList<Clause> Conditions, ClauseResult Result)
{
    /// <summary>Whether the scope matched, so that the conditions were looked at.</summary>
    public bool ScopeMatched => Scope.All(clause => clause.Result == ClauseResult.Held);
}
