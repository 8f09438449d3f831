using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Benchmarks.TokenCost;

/// <summary>What AWS's APIs answer of one thing, written after their references: files with `$names` that are filled in.</summary>
internal static class ApiAnswers
{
    /// <summary>The answer of a name with its `$names` replaced.</summary>
    public static JsonObject Read(string name, IReadOnlyDictionary<string, string> values, JsonNode? tags = null)
    {
        using var stream = typeof(ApiAnswers).Assembly.GetManifestResourceStream(name + ".json") ?? throw new InvalidOperationException($"There is no answer {name}.");
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd().Replace("$tags", tags?.ToJsonString() ?? "[]", StringComparison.Ordinal);
        foreach (var (key, value) in values.OrderByDescending(pair => pair.Key.Length)) // `$environment` before `$env`.
        {
            text = text.Replace("$" + key, value, StringComparison.Ordinal);
        }

        return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true })!.AsObject();
    }

    /// <summary>A listing as it goes over the wire, without white space.</summary>
    public static string Listing(string name, IEnumerable<JsonNode> items) => new JsonObject { [name] = new JsonArray([.. items.Select(item => item.DeepClone())]) }.ToJsonString();
}
