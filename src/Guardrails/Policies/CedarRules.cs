using McpInfra.Cedar;
using McpInfra.Guardrails.Policies.World;

namespace McpInfra.Guardrails.Policies;

/// <summary>The operator's Cedar policies, ready to decide. Immutable.</summary>
internal sealed class CedarRules
{
    private readonly PolicySet policies;
    private readonly Dictionary<Policy, Rule> rules;
    private readonly bool hasPermits;

    private CedarRules(PolicySet policies, IReadOnlyList<Rule> all)
    {
        (this.policies, All) = (policies, all);
        rules = all.ToDictionary(rule => rule.Policy);
        hasPermits = all.Any(rule => !rule.Forbids);
    }

    /// <summary>Every rule, in the order of the texts.</summary>
    public IReadOnlyList<Rule> All { get; }

    /// <summary>Whether a permit is written, so that what none permits is denied; else the manifests alone permit.</summary>
    public bool HasPermits => hasPermits;

    /// <summary>Reads texts; null with the faults that say why not.</summary>
    public static CedarRules? Read(IReadOnlyList<SourceText> texts, List<Manifests.Fault> faults)
    {
        var before = faults.Count;
        var parsed = PolicySet.Parse(texts, PolicyNaming.Annotation);
        faults.AddRange(parsed.Faults.Select(Shown));
        if (parsed.Value is not { } policies)
        {
            return null;
        }

        var report = WorldSchema.Schema.Validate(policies);
        faults.AddRange(report.Errors.Select(Shown));
        var all = policies.Policies.Concat(policies.Templates).Select(policy => RuleReader.Read(policy, faults)).ToList();
        return faults.Count == before ? new CedarRules(policies, all) { Warnings = [.. report.Warnings.Select(Shown)] } : null;
    }

    /// <summary>Rules that can never apply, and what else is odd and stops nothing.</summary>
    public IReadOnlyList<Manifests.Fault> Warnings { get; private init; } = [];

    /// <summary>What the rules say of a call.</summary>
    public Judgement Judge(Call call, DateTimeOffset now)
    {
        var context = CallContext.Of(call, now);
        if (call.Targets.Count == 0)
        {
            return Judge(new CallWorld(call, null), context);
        }

        var judgement = Judge(new CallWorld(call, call.Targets[0]), context);
        for (var index = 1; index < call.Targets.Count; index++)
        {
            judgement = judgement.And(Judge(new CallWorld(call, call.Targets[index]), context));
        }

        return judgement;
    }

    /// <summary>How every rule came to its part, for each target of the call.</summary>
    public IEnumerable<Explanation> Explain(Call call, DateTimeOffset now)
    {
        var context = CallContext.Of(call, now);
        return call.Targets.DefaultIfEmpty(null).Select(target => new CallWorld(call, target)).Select(world => Authorizer.Explain(policies, world.Question(context), world));
    }

    /// <summary>The rule of a policy.</summary>
    public Rule Of(Policy policy) => rules[policy];

    private static Manifests.Fault Shown(Fault fault) => new(fault.File, fault.Line, $"column {fault.Column}: {fault.Message}");

    private Judgement Judge(CallWorld world, CedarRecord context)
    {
        var question = world.Question(context);
        var response = Authorizer.Decide(policies, question, world);
        if (response.Determining.Count == 0 && response.Errors.Count == 0)
        {
            return hasPermits ? Judgement.Clear with { IsPermitted = false } : Judgement.Clear;
        }

        var applying = response.Determining.Select(Of).ToList();
        var permitted = !hasPermits || response.Decision is Cedar.Decision.Allow;
        if (!permitted && applying.Count > 0 && applying.All(rule => rule.Severity is not Severity.Block))
        {
            // Forbids that do not block hide the permits beside them.
            var permits = Authorizer.Explain(policies, question, world).Policies.Where(policy => policy.Policy.Effect is Effect.Permit && policy.ScopeMatched && policy.Result is ClauseResult.Held).ToList();
            applying.AddRange(permits.Select(permit => Of(permit.Policy)));
            permitted = permits.Count > 0;
        }

        return new() { Applying = applying, Errors = response.Errors, IsPermitted = permitted };
    }
}
