using System.Text.Json.Nodes;
using McpInfra.Graph.Queries;

namespace McpInfra.Tools.Resources;

/// <summary>Resources as structured content; golden files fix the shapes.</summary>
internal static class Structure
{
    public static JsonObject Of(ResourceRow row) => new()
    {
        ["id"] = row.Id, ["type"] = row.Type, ["name"] = row.Name, ["provider"] = row.Provider, ["account"] = row.Account, ["region"] = row.Region,
        ["environment"] = row.Environment, ["managed"] = row.IsManaged, ["address"] = row.Address, ["file"] = row.File, ["line"] = row.Line,
    };

    public static JsonArray Of(IEnumerable<ResourceRow> rows) => new([.. rows.Select(row => (JsonNode)Of(row))]);
}
