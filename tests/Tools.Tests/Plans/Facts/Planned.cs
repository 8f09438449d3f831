using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Tools.Plans.Facts;

namespace McpInfra.Tools.Tests.Plans.Facts;

/// <summary>Plans of one resource as the engine writes them, and their facts.</summary>
internal static class Planned
{
    private static readonly HashSet<string> None = [];

    public static PlanFacts Create(string type, string after, string unknown = "{}", bool written = true, string? dynamicBlocks = null) => Of(Change(type, "\"create\"", "null", after, unknown), written, dynamicBlocks);

    public static PlanFacts Update(string type, string before, string after, string unknown = "{}") => Of(Change(type, "\"update\"", before, after, unknown));

    public static PlanFacts Replace(string type, string before, string after) => Of(Change(type, "\"delete\",\"create\"", before, after, "{}"));

    public static PlanFacts Delete(string type, string before) => Of(Change(type, "\"delete\"", before, "null", "{}"));

    public static PlanFacts Of(string changes, bool written = true, string? dynamicBlocks = null)
    {
        var root = JsonNode.Parse("""{"resource_changes":[CHANGES],"configuration":{"root_module":{"resources":[]}}}""".Replace("CHANGES", changes, StringComparison.Ordinal))!.AsObject();
        if (!written)
        {
            root["configuration"]!["root_module"]!["resources"] = new JsonArray([.. root["resource_changes"]!.AsArray()
                .Select(change => new JsonObject { ["address"] = change!["address"]!.DeepClone(), ["expressions"] = new JsonObject() })]);
        }

        return FactsReader.Read(root, None, None, dynamicBlocks is null ? None : [dynamicBlocks]);
    }

    public static string Change(string type, string actions, string before, string after, string unknown, string name = "x") =>
        $$$"""{"address":"{{{type}}}.{{{name}}}","mode":"managed","type":"{{{type}}}","change":{"actions":[{{{actions}}}],"before":{{{before}}},"after":{{{after}}},"after_unknown":{{{unknown}}}}}""";
}
