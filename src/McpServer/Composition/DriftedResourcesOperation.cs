using McpInfra.Graph;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Binding;
using McpInfra.Tools.Resources;

namespace McpInfra.Host.Composition;

/// <summary>infra://drift: the resources that differ from what a state says of them.</summary>
internal static class DriftedResourcesOperation
{
    private sealed record Nothing;

    public static Operation Over(Graphs graphs) => new()
    {
        Kind = OperationKind.Resource,
        Name = "drifted_resources",
        Tier = Tier.Observe,
        Description = "Resources whose cloud differs from the state that manages them.",
        Schema = Binder<Nothing>.Schema,
        Bind = Binder<Nothing>.Bind,
        Run = async (call, stop) => DriftedResources.Of(await graphs.OpenAsync(call.Caller.Organization, stop)),
    };
}
