using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>
/// Accounts that a resource of the state is in or refers to, by its ARNs and owners. Only attributes that are such, whole: what people write into tags, descriptions and policies
/// widens nothing.
/// </summary>
internal static class NamedAccounts
{
    private const int MostDepth = 16;

    /// <summary>The accounts, twelve digits each.</summary>
    public static IEnumerable<string> Of(JsonObject attributes) => Of(attributes, 0);

    private static IEnumerable<string> Of(JsonObject attributes, int depth) =>
        depth > MostDepth ? [] : attributes.Where(pair => pair.Key is not ("tags" or "tags_all")).SelectMany(pair => Of(pair.Key, pair.Value, depth));

    private static IEnumerable<string> Of(string name, JsonNode? node, int depth) => node switch
    {
        JsonObject map => Of(map, depth + 1),
        JsonArray list => list.SelectMany(one => Of(name, one, depth + 1)),
        JsonValue value when value.TryGetValue<string>(out var text) && Account(name, text) is { } account => [account],
        _ => [],
    };

    private static string? Account(string name, string text) =>
        name is "owner_id" or "account_id" or "owner_account_id" or "registry_id" or "catalog_id" && IsAccount(text) ? text
        : name is "arn" or "arns" or "id" or "ids" || name.EndsWith("_arn", StringComparison.Ordinal) || name.EndsWith("_arns", StringComparison.Ordinal) || name.EndsWith("_id", StringComparison.Ordinal)
            ? text.Split(':', 6) is ["arn", _, _, _, var owner, _] && IsAccount(owner) ? owner : null
        : null;

    private static bool IsAccount(string text) => text.Length == 12 && text.All(char.IsAsciiDigit);
}
