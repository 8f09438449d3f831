using System.Text;
using System.Text.Json;
using McpInfra.Cedar;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Policies.World;

namespace McpInfra.Guardrails.Policies;

/// <summary>What an agent type may do as a table: an operation a row, an environment a column, the rule behind each cell.</summary>
public static class AccessTable
{
    // The schema also names resources, prompts and completions, and tools that policies may speak of before there are any.
    private static readonly string[] NoTools = ["ask_human", "follow_proposal", "revise_proposal", "policy_digest", "drifted_resources", "service_costs", "complete", "explore", "blast_radius", "fix_finding", "review_drift", "why_refused"];
    private static readonly IReadOnlyList<IAccessGuard> Access = [new AllowlistGuard(), new TierGuard()];

    /// <summary>The table in Markdown.</summary>
    /// <param name="rulebook">The policies.</param>
    /// <param name="caller">Who would call.</param>
    /// <param name="environments">The environments that are configured.</param>
    /// <param name="now">When.</param>
    public static string Of(Rulebook rulebook, Caller caller, IReadOnlyList<string> environments, DateTimeOffset now)
    {
        var rows = Rows(rulebook, caller, environments, now);
        var columns = rows[0].Cells.Select(cell => cell.Environment ?? "elsewhere").ToList();
        var text = new StringBuilder($"| operation | {string.Join(" | ", columns)} |\n|---|{string.Concat(columns.Select(_ => "---|"))}\n");
        foreach (var row in rows)
        {
            text.Append($"| {row.Operation} | {string.Join(" | ", row.Cells.Select(cell => cell.Access))} |\n");
        }

        return text.ToString();
    }

    /// <summary>The table's rows.</summary>
    /// <param name="rulebook">The policies.</param>
    /// <param name="caller">Who would call.</param>
    /// <param name="environments">The environments that are configured; what lies in none of them comes last.</param>
    /// <param name="now">When.</param>
    public static IReadOnlyList<AccessRow> Rows(Rulebook rulebook, Caller caller, IReadOnlyList<string> environments, DateTimeOffset now)
    {
        string?[] columns = [.. environments.Select(environment => environment.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal), null];
        return [.. Operations().Select(operation => new AccessRow(
            operation.Name, [.. columns.Select(environment => new AccessCell(environment, Cell(rulebook, caller, operation, environment, now)))]))];
    }

    private static IEnumerable<Operation> Operations() =>
        from action in WorldSchema.Schema.ActionEntities.All
        let tier = action.Parents.FirstOrDefault()?.Id
        where tier is not null && AgentManifest.Tiers.ContainsKey(tier) && !NoTools.Contains(action.Uid.Id)
        orderby AgentManifest.Tiers[tier], action.Uid.Id
        select new Operation
        {
            Kind = OperationKind.Tool, Name = action.Uid.Id, Tier = AgentManifest.Tiers[tier], Description = "", Schema = JsonSerializer.SerializeToElement(new { }),
            Bind = _ => throw new NotSupportedException("Only looked at."), Run = (_, _) => throw new NotSupportedException("Only looked at."),
        };

    private static string Cell(Rulebook rulebook, Caller caller, Operation operation, string? environment, DateTimeOffset now)
    {
        if (Access.Select(guard => guard.Check(caller, operation)).FirstOrDefault(verdict => verdict.Decision is not Guardrails.Decision.Allow) is { } refusal)
        {
            return $"no ({refusal.Guard})";
        }

        var call = Call(caller, operation, environment);
        var verdict = PolicyGuard.Would(call, rulebook, now);
        var manifest = caller.Agent.Approvals.Where(rule => rule.Applies(operation, call.Targets)).ToList();
        var unless = rulebook.Cedar is { } cedar
            ? cedar.Explain(call, now).SelectMany(explanation => explanation.Policies).Where(policy => policy is { ScopeMatched: true, Policy.Effect: Effect.Forbid, Result: ClauseResult.Failed }).Select(policy => cedar.Of(policy.Policy).Name).Distinct().ToList()
            : [];
        var conditions = unless.Count == 0 || verdict.Decision is Guardrails.Decision.Deny ? "" : $"; also looks at {string.Join(", ", unless)}";
        return verdict.Decision switch
        {
            Guardrails.Decision.Deny => $"no: {verdict.Rule}",
            Guardrails.Decision.Ask => $"asks {verdict.People}: {verdict.Rule}{conditions}",
            _ when manifest.Count > 0 => $"asks {manifest.Max(rule => rule.People)}: manifest{conditions}",
            _ => $"yes{(verdict.Rule.Length > 0 ? $", noticed by {verdict.Rule}" : "")}{conditions}",
        };
    }

    private static Call Call(Caller caller, Operation operation, string? environment)
    {
        var type = operation.Name switch { "propose_change" or "revise_proposal" => "plan", "plan_change" or "detect_drift" => "stack", "read_repository" => "repository", _ => "resource" };
        var target = new Target { Id = "any", Type = type, Environment = environment, Repository = type == "resource" ? null : (caller.Agent.Repositories is [var first, ..] ? first : "any"), Plan = type == "plan" ? new PlanFacts() : null };
        return new Call("", caller, operation, type, JsonSerializer.SerializeToElement(new { plan = "", title = "", reason = "", note = "", proposal = "" }), [target], Structured: false);
    }
}
