using McpInfra.Guardrails;

namespace McpInfra.Tools.Plans;

/// <summary>Plans that ran, found by their owner only.</summary>
public interface IPlans
{
    /// <summary>The caller's own plan of this session, or null: nobody else's plan exists for it.</summary>
    Plan? Find(string id, Caller caller);

    /// <summary>What has moved since the plan ran (base, state, policy, engine, …) as phrases of our own words; empty when it still holds.</summary>
    ValueTask<IReadOnlyList<string>> MovedAsync(Plan plan, Caller caller, CancellationToken stop);
}
