using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Resources;

/// <summary>What tools do with the `resource` argument.</summary>
internal static class Meant
{
    private const string Source = "resources of the graph";

    /// <summary>The resource as the target that policies see; none when nothing, or not one thing, is meant: then the tool itself says so.</summary>
    public static async ValueTask<Resolution> TargetsAsync(Graphs graphs, Caller caller, IReadOnlyList<string?> resources, CancellationToken stop)
    {
        var graph = await graphs.OpenAsync(caller.Organization, stop);
        return new Resolution([.. resources.OfType<string>().Select(resource => graph.Resolve(resource).Found).OfType<ResourceRow>().Select(row => Target(graph, row))]);
    }

    /// <summary>Why the resource was not found, with what was perhaps meant.</summary>
    public static Answer NotFound(Resolved resolved, string argument) => resolved switch
    {
        { Candidates.Count: > 0 } => Answer.Fault($"{(resolved.More ? $"Over {resolved.Candidates.Count}" : "Several")} resources answer to `{argument}`. Repeat the call with the id of one of them{(resolved.More ? "; search_resources with `text` has them all" : "")} ({Lines.Columns}):", Rows(resolved.Candidates)),
        { Nearest.Count: > 0 } => Answer.Fault($"No resource answers to `{argument}`. These come nearest ({Lines.Columns}); or find it with search_resources:", Rows(resolved.Nearest)),
        _ => Answer.Fault($"No resource answers to `{argument}`. It takes an id, a unique name or a code address; find one with search_resources."),
    };

    public static Part Rows(IEnumerable<ResourceRow> rows) => new(Trust.Tenant, string.Join('\n', rows.Select(Lines.Row)), Source);

    private static Target Target(ResourceGraph graph, ResourceRow row) => new()
    {
        Id = row.Id, Type = row.Type, Environment = row.Environment, Account = row.Account, Owner = row.Owner,
        Tags = graph.Describe(row)?.Resource.Tags ?? new Dictionary<string, string>(),
    };
}
