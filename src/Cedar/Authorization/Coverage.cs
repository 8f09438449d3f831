namespace McpInfra.Cedar;

/// <summary>Gathers which clauses of which policies some decisions reached, so that tests of policies can say what they leave out.</summary>
public sealed class Coverage
{
    private readonly HashSet<(string Policy, SourcePosition Clause)> reached = [];
    private readonly Dictionary<(string Policy, SourcePosition Clause), Clause> known = [];

    /// <summary>Counts what this decision reached. The scope counts as reached once it has matched.</summary>
    public void Add(Explanation explanation)
    {
        foreach (var policy in explanation.Policies)
        {
            foreach (var clause in policy.Conditions.Prepend(policy.Scope[0] with { Position = policy.Policy.Position, Text = string.Join(", ", policy.Scope.Select(part => part.Text)) }))
            {
                var key = (policy.Policy.Id, clause.Position);
                known.TryAdd(key, clause);
                if (policy.ScopeMatched && clause.Result != ClauseResult.NotReached)
                {
                    reached.Add(key);
                }
            }
        }
    }

    /// <summary>Policy, place and text of each clause that no decision reached, in the order of the texts.</summary>
    public IReadOnlyList<(string PolicyId, SourcePosition Position, string Text)> Unreached() =>
        [.. known.Where(pair => !reached.Contains(pair.Key))
            .OrderBy(pair => pair.Key.Clause.File, StringComparer.Ordinal).ThenBy(pair => pair.Key.Clause.Line).ThenBy(pair => pair.Key.Clause.Column)
            .Select(pair => (pair.Key.Policy, pair.Key.Clause, pair.Value.Text))];
}
