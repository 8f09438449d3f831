using System.Text.Json.Nodes;
using McpInfra.Tools.Plans.Facts;

namespace McpInfra.Tools.Tests.Plans.Facts;

/// <summary>A resource in which a row's value counts, or one in which it does not.</summary>
internal static class RowSample
{
    private const string Grant = """{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}""";

    public static string Of(FactRow row, bool passes)
    {
        // A resource as a whole counts by being there.
        if (row.Path.Count == 0)
        {
            return passes ? "{}" : "null";
        }

        var value = Value(row.Test, passes);
        if (value is null && row.Path[^1] == "[]")
        {
            return "{}";
        }

        var at = value;
        for (var step = row.Path.Count - 1; step >= 0; step--)
        {
            at = row.Path[step] == "[]" ? new JsonArray(at) : Block(row, row.Path[step], at, step == Innermost(row));
        }

        return at!.ToJsonString();
    }

    private static JsonNode? Value(FactTest test, bool passes) => test.Word switch
    {
        "always" => passes ? new JsonObject() : null,
        "open" => passes ? "0.0.0.0/0" : "10.0.0.0/8",
        "grants" or "anyone" => passes ? Grant : null,
        "set" => passes ? "something" : null,
        "not" => passes ? "something" : test.Values[0],
        _ => passes ? test.Values[0] : "something",
    };

    private static JsonObject Block(FactRow row, string name, JsonNode? value, bool isInnermost)
    {
        var block = new JsonObject { [name] = value };
        foreach (var (beside, wanted) in isInnermost ? row.Where : [])
        {
            block[beside] = wanted;
        }

        return block;
    }

    private static int Innermost(FactRow row) => row.Path.ToList().FindLastIndex(step => step != "[]");
}
