namespace McpInfra.Cedar;

/// <summary>Decides requests: nothing is allowed that no permit allows, and a forbid wins. Safe for concurrent use.</summary>
public static class Authorizer
{
    private const int StackWords = 64;

    /// <summary>The decision of all policies. The order of policies never matters.</summary>
    public static Response Decide(PolicySet policies, Request request, IEntitySource entities)
    {
        var evaluation = new Evaluation(request, entities);
        var index = policies.Index;
        var bits = index.Words <= StackWords ? stackalloc ulong[StackWords] : new ulong[index.Words];
        bits = bits[..index.Words];
        index.Mark(evaluation, bits);
        List<Policy>? permits = null, forbids = null;
        List<PolicyError>? errors = null;
        var word = 0;
        while (PolicyIndex.TryTake(bits, ref word, out var next))
        {
            var policy = index.Policies[next];
            if (!policy.Applies(evaluation))
            {
                continue;
            }

            var value = policy.Test(evaluation);
            if (value.IsFault)
            {
                (errors ??= []).Add(Error(policy, value.AsFault()));
            }
            else if (value.AsBoolean())
            {
                (policy.Effect == Effect.Permit ? permits ??= [] : forbids ??= []).Add(policy);
            }
        }

        return new(
            forbids is null && permits is not null ? Decision.Allow : Decision.Deny,
            (forbids ?? permits ?? (IReadOnlyList<Policy>)[]),
            errors ?? (IReadOnlyList<PolicyError>)[]);
    }

    /// <summary>As <see cref="Decide"/>, and beside it what each clause of each policy came to. Slower: it looks at every policy.</summary>
    public static Explanation Explain(PolicySet policies, Request request, IEntitySource entities)
    {
        var evaluation = new Evaluation(request, entities);
        return new(Decide(policies, request, entities), [.. policies.Policies.Select(policy => Explainer.Explain(policy, evaluation))]);
    }

    internal static PolicyError Error(Policy policy, EvaluationFault fault) => new(policy, policy.Source.Position(fault.Span), fault.Message);
}
