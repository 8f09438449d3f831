using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Resources;

/// <summary>What services cost by month and account; charges that no known resource is named for are in it too.</summary>
public static class ServiceCosts
{
    private const int Most = 200;
    private const int MostBytes = 6500;

    /// <summary>The latest month and the dearest first, as many as an answer holds.</summary>
    public static Answer Of(ResourceGraph graph)
    {
        var costs = graph.Costs(Most + 1);
        var freshness = FreshnessNote.Of(graph.Freshness());
        if (costs.Count == 0)
        {
            return Answer.Own($"No source tells costs. Sources of kind focus and aws-cost-explorer do. {freshness}");
        }

        var bytes = 0;
        var lines = costs.Take(Most).Select(Line).TakeWhile((line, at) => (bytes += Lines.Bytes(line)) <= MostBytes || at == 0).ToList();
        var left = costs.Count > Most ? $"over {Most - lines.Count}" : $"{costs.Count - lines.Count}";
        return new Answer(
        [
            new Part(Trust.Own, $"**Costs by month, account and service**{(lines.Count < costs.Count ? $", {lines.Count} shown, {left} more are older or smaller" : "")}. {freshness}\nColumns: month (told until) | account | service | billed | effective | of that for no resource of the graph | source"),
            new Part(Trust.Tenant, string.Join('\n', lines), "costs that a provider tells"),
            new Part(Trust.Own, "Go on with describe_resource, an id and sections [costs] for one resource."),
        ]);
    }

    private static string Line(ServiceCost one) => FormattableString.Invariant(
        $"{one.Cost.Month:yyyy-MM} ({one.Cost.Until:yyyy-MM-dd}) | {Lines.Cell(one.Account ?? "-")} | {Lines.Cell(one.Cost.Service)} | {one.Cost.Billed:0.00} {Lines.Cell(one.Cost.Currency)} | {one.Cost.Effective:0.00} {Lines.Cell(one.Cost.Currency)} | {one.Unlinked:0.00} {Lines.Cell(one.Cost.Currency)} | {Lines.Cell(one.Cost.Source)}");
}
