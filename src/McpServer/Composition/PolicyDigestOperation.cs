using McpInfra.Guardrails;
using McpInfra.Guardrails.Binding;
using McpInfra.Guardrails.Policies;

namespace McpInfra.Host.Composition;

/// <summary>infra://policy/digest: the rules that decide here, for the caller's agent type.</summary>
internal static class PolicyDigestOperation
{
    private sealed record Nothing;

    public static Operation Over(PoliciesInForce policies) => new()
    {
        Kind = OperationKind.Resource,
        Name = "policy_digest",
        Tier = Tier.Observe,
        Description = "The rules that decide here, in short.",
        Schema = Binder<Nothing>.Schema,
        Bind = Binder<Nothing>.Bind,
        Run = (call, _) => new(Answer.Own(policies.Current.Digest(call.Caller))),
    };
}
