using System.Globalization;
using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Resources;

/// <summary>The resources that their clouds tell otherwise than the states which manage them.</summary>
public static class DriftedResources
{
    private const int Most = 100;
    private const int MostBytes = 6500;

    /// <summary>The latest first, as many as an answer holds.</summary>
    public static Answer Of(ResourceGraph graph)
    {
        var page = graph.Drifted(Most);
        var freshness = FreshnessNote.Of(graph.Freshness());
        if (page.Total == 0)
        {
            return Answer.Own($"No resource differs from its state in an attribute that both tell. {freshness}");
        }

        var bytes = 0;
        var lines = page.Resources.Select(Line).TakeWhile((line, at) => (bytes += Lines.Bytes(line)) <= MostBytes || at == 0).ToList();
        return new Answer(
        [
            new Part(Trust.Own, $"**{page.Total} resource{(page.Total == 1 ? "" : "s")} drifted**{(lines.Count < page.Total ? $", the latest {lines.Count} shown; detect_drift tells those of one stack" : "")}. {freshness}\nColumns: seen since | {Lines.Columns}"),
            new Part(Trust.Tenant, string.Join('\n', lines), "drifted resources"),
            new Part(Trust.Own, "Go on with describe_resource, an id and sections [drift] for both values."),
        ]);
    }

    private static string Line(DriftedResource one) => $"{one.Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}Z | {Lines.Row(one.Resource)}";
}
