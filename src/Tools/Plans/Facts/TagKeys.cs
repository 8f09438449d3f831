using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.Facts;

/// <summary>The keys of tags or labels that a resource would bear.</summary>
internal static class TagKeys
{
    /// <summary>The keys; null when the type bears none. What only an apply would tell is not counted as there.</summary>
    public static IReadOnlyCollection<string>? Of(string type, JsonObject change)
    {
        var provider = type.Split('_')[0];
        var (after, unknown) = (change["after"] as JsonObject, change["after_unknown"] as JsonObject);
        if (provider == "kubernetes")
        {
            return (after?["metadata"] as JsonArray)?.FirstOrDefault() is JsonObject metadata ? [.. Keys(metadata["labels"])] : null;
        }

        string[] names = provider switch
        {
            "google" => ["effective_labels", "labels", "user_labels"],
            "oci" => ["freeform_tags", "defined_tags"],
            _ => ["tags_all", "tags"],
        };
        return names.Any(name => after?.ContainsKey(name) == true || unknown?.ContainsKey(name) == true)
            ? [.. names.SelectMany(name => Keys(after?[name]).Concat(Keys(unknown?[name]))).Where(key => !key.StartsWith("goog-", StringComparison.Ordinal)).Distinct()]
            : null;
    }

    private static IEnumerable<string> Keys(JsonNode? tags) => (tags as JsonObject ?? []).Select(pair => pair.Key);
}
