using McpInfra.Graph;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Binding;
using McpInfra.Tools.Resources;

namespace McpInfra.Host.Composition;

/// <summary>Lists of the graph that are browsed and no tool answers: infra://drift and infra://costs.</summary>
internal static class GraphLists
{
    private sealed record Nothing;

    public static IEnumerable<Operation> Over(Graphs graphs) =>
    [
        List("drifted_resources", "Resources whose cloud differs from the state that manages them.", graphs, DriftedResources.Of),
        List("service_costs", "What services cost by month and account.", graphs, ServiceCosts.Of),
    ];

    private static Operation List(string name, string description, Graphs graphs, Func<ResourceGraph, Answer> answer) => new()
    {
        Kind = OperationKind.Resource,
        Name = name,
        Tier = Tier.Observe,
        Description = description,
        Schema = Binder<Nothing>.Schema,
        Bind = Binder<Nothing>.Bind,
        Run = async (call, stop) => answer(await graphs.OpenAsync(call.Caller.Organization, stop)),
    };
}
