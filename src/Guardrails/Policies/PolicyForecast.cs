using System.Text.Json;

namespace McpInfra.Guardrails.Policies;

/// <summary>Says of a plan what the rules would make of its proposal, before anybody proposes it.</summary>
/// <param name="policies">The operator's policies in force.</param>
/// <param name="catalogue">All operations; lazily, for the one that asks is among them.</param>
/// <param name="time">The clock.</param>
public sealed class PolicyForecast(PoliciesInForce policies, Lazy<Catalogue> catalogue, TimeProvider time)
{
    private const string Operation = "propose_change";

    /// <summary>The verdict, or null when no rule of the operator's is configured.</summary>
    /// <param name="caller">Who would propose.</param>
    /// <param name="plan">The plan as a target.</param>
    /// <param name="id">The plan's id.</param>
    public Verdict? Of(Caller caller, Target plan, string id) =>
        policies.Current is { Cedar: not null } rulebook && catalogue.Value.Find(OperationKind.Tool, Operation) is { } operation
            ? PolicyGuard.Would(new Call("", caller, operation, id, JsonSerializer.SerializeToElement(new { plan = id, title = "", reason = "" }), [plan], Structured: false), rulebook, time.GetUtcNow())
            : null;
}
