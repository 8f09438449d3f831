using McpInfra.Guardrails;
using McpInfra.Guardrails.Policies;
using McpInfra.Tools.Plans;

namespace McpInfra.Host.Composition;

/// <summary>Tells with a plan what the rules would make of its proposal, so that an agent can correct itself.</summary>
internal sealed class ProposalForecast(PolicyForecast forecast)
{
    /// <summary>The check; null where no rule is configured.</summary>
    public PlanCheck? Of(Caller caller, Plan plan) => forecast.Of(caller, plan.Target, plan.Id) switch
    {
        null => null,
        { Decision: Decision.Deny } denied => new("policy", false, $"its proposal would be denied: {denied.Rule}. {denied.Remedy}"),
        { Decision: Decision.Ask } asked => new("policy", true, $"its proposal would want {asked.People} {(asked.People == 1 ? "person" : "people")}: {asked.Rule}. {asked.Remedy}"),
        { Notices.Count: > 0 } noted => new("policy", true, $"its proposal would be allowed, with notice taken by {noted.Rule}"),
        _ => new("policy", true, "no rule is against its proposal"),
    };
}
