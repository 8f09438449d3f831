using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans;

/// <summary>One run of the engine, and its only way out. What it reached is recorded when it is disposed, also of a run that broke or was given up.</summary>
/// <param name="terraform">The open cage.</param>
/// <param name="proxy">The way out; null for none.</param>
/// <param name="clouds">What it gets of clouds, by its sanitised state.</param>
/// <param name="record">Records what it reached.</param>
internal sealed class CagedRun(TerraformRun terraform, EgressProxy? proxy, Func<SanitizedState, IReadOnlyList<CloudAccess>> clouds, Func<IReadOnlyList<EgressRecord>, Task> record) : IAsyncDisposable
{
    /// <summary>The open cage.</summary>
    public TerraformRun Terraform => terraform;

    /// <summary>What was reached and what was refused so far.</summary>
    public IReadOnlyList<EgressRecord> Reached => proxy?.Records ?? [];

    /// <summary>Plans.</summary>
    public Task<TerraformOutcome> PlanAsync(TerraformInput input, CancellationToken stop) => terraform.PlanAsync(input with { Clouds = clouds(input.State) }, stop);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await terraform.DisposeAsync();
        try
        {
            await record(Reached);
        }
        finally
        {
            await (proxy?.DisposeAsync() ?? default);
        }
    }
}
