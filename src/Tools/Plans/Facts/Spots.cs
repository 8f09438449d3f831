using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.Facts;

/// <summary>Finds the places of a resource that a row of a table speaks of.</summary>
internal static class Spots
{
    private const int Most = 2000;

    /// <summary>Where the row's value stands in the resource before or after; empty when there is no resource.</summary>
    /// <param name="row">The row.</param>
    /// <param name="resource">Its attributes; null when there is none.</param>
    /// <param name="unknown">Which of them only an apply would tell.</param>
    public static IReadOnlyList<Spot> Of(FactRow row, JsonObject? resource, JsonNode? unknown)
    {
        var found = new List<Spot>();
        if (resource is not null)
        {
            Walk(row, 0, resource, unknown, resource, unknown, found);
        }

        return found;
    }

    private static void Walk(FactRow row, int step, JsonNode? node, JsonNode? unknown, JsonObject block, JsonNode? blockUnknown, List<Spot> found)
    {
        if (found.Count >= Most)
        {
            throw new InvalidDataException("The plan has a resource with more rules in it than are looked at.");
        }

        if (IsTrue(unknown))
        {
            // A value that only an apply would tell may be any: it counts where its coming matters, and as one that stays only where any would do.
            if (Applies(row, block, blockUnknown) && (!row.Loses || row.Test.Word == "set"))
            {
                found.Add(new Spot("", Beside(row, block, blockUnknown), IsUnknown: !row.Loses));
            }
        }
        else if (step == row.Path.Count)
        {
            Leaf(row, node, block, blockUnknown, found);
        }
        else if (row.Path[step] == "[]")
        {
            var items = node as JsonArray ?? [];
            var unknowns = unknown as JsonArray ?? [];
            for (var index = 0; index < Math.Max(items.Count, unknowns.Count); index++)
            {
                var item = index < items.Count ? items[index] : null;
                var itemUnknown = index < unknowns.Count ? unknowns[index] : null;
                Walk(row, step + 1, item, itemUnknown, item as JsonObject ?? block, item is JsonObject ? itemUnknown : blockUnknown, found);
            }
        }
        else
        {
            Walk(row, step + 1, (node as JsonObject)?[row.Path[step]], (unknown as JsonObject)?[row.Path[step]], node as JsonObject ?? block, node is JsonObject ? unknown : blockUnknown, found);
        }
    }

    private static void Leaf(FactRow row, JsonNode? value, JsonObject block, JsonNode? blockUnknown, List<Spot> found)
    {
        if (!Applies(row, block, blockUnknown))
        {
            return;
        }

        if (row.Test.ReadsDocument)
        {
            found.AddRange(PolicyDocument.Grants(value, anyoneOnly: row.Test.Word == "anyone").Select(grant => new Spot(grant, Beside(row, block, blockUnknown))));
        }
        else if (row.Test.Passes(value))
        {
            // Who is granted something matters; to what a switch is turned on does not.
            found.Add(new Spot(row is { Kind: FactKind.Grant, Loses: false, Test.Word: "set" } ? value!.ToJsonString() : "", Beside(row, block, blockUnknown)));
        }
    }

    private static bool Applies(FactRow row, JsonObject block, JsonNode? unknown) => row.Where.All(pair =>
        IsTrue((unknown as JsonObject)?[pair.Name]) || string.Equals(block[pair.Name]?.ToString(), pair.Value, StringComparison.OrdinalIgnoreCase));

    private static Dictionary<string, string> Beside(FactRow row, JsonObject block, JsonNode? unknown) =>
        row.By.ToDictionary(name => name, name => IsTrue((unknown as JsonObject)?[name]) ? "?" : block[name]?.ToJsonString() ?? "");

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var truth) && truth;
}
