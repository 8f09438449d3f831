using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>
/// The facts of a provider's object that are stored, of any type. Text is stored by an allow list of names; truth values and numbers, which hold no secret, unless their name
/// says that they are one, or that they change by themselves. So an unknown type is shown with what can be told of it, and a value in free text never is.
/// </summary>
/// <param name="texts">Names of members whose text is kept, wherever they stand, or as `holder.name` where they stand in one of that name.</param>
internal sealed partial class KeptFacts(FrozenSet<string> texts)
{
    private const int MostDepth = 6;
    private const int MostFacts = 60;
    private const int MostItems = 20;
    private const int MostText = 400;

    private static readonly FrozenSet<string> Common = EmbeddedTable.Rows("Rest", "kept.txt").Select(row => row[0]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The list beside a collector's code, and the one for all.</summary>
    public static KeptFacts Of(string folder) => new(EmbeddedTable.Rows(folder, "kept.txt").Select(row => row[0]).Concat(Common).ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>Facts by path (`networkProfile.networkPlugin`), sorted, so many at most.</summary>
    public JsonObject Of(params ReadOnlySpan<JsonElement?> objects)
    {
        var found = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var one in objects)
        {
            Read(one ?? default, "", 0, found);
        }

        var facts = new JsonObject();
        foreach (var (path, value) in found.Take(MostFacts))
        {
            facts[path] = value;
        }

        return facts;
    }

    /// <summary>Tags or labels without those that are or look like secrets.</summary>
    public static SortedDictionary<string, string> Tags(JsonElement? tags)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in Members(tags ?? default))
        {
            var value = tag.Value.ValueKind is JsonValueKind.String ? tag.Value.GetString()! : null;
            if (value is not null && !SecretShapes.IsSecretName(tag.Name) && !SecretShapes.IsSecretValue(value) && !SecretShapes.IsSecretValue(tag.Name))
            {
                kept[tag.Name] = value;
            }
        }

        return kept;
    }

    /// <summary>Members of an object; none of anything else.</summary>
    public static IEnumerable<JsonProperty> Members(JsonElement value) => value.ValueKind is JsonValueKind.Object ? value.EnumerateObject() : [];

    private void Read(JsonElement value, string path, int depth, SortedDictionary<string, JsonNode> found)
    {
        foreach (var member in Members(value).Where(member => !IsLeftOut(member.Name)))
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (member.Value.ValueKind is JsonValueKind.Object && depth < MostDepth)
            {
                Read(member.Value, at, depth + 1, found);
            }
            else if (Value(member.Name, member.Value, depth, path[(path.LastIndexOf('.') + 1)..]) is { } kept)
            {
                found[at] = kept;
            }
        }
    }

    private JsonNode? Value(string name, JsonElement value, int depth, string holder) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => JsonValue.Create(value.GetBoolean()),
        JsonValueKind.Number => Volatile().IsMatch(name) ? null : JsonNode.Parse(value.GetRawText()),
        JsonValueKind.String => (texts.Contains(name) || texts.Contains($"{holder}.{name}")) && value.GetString() is { Length: > 0 and <= MostText } text && !SecretShapes.IsSecretValue(text) ? JsonValue.Create(text) : null,
        JsonValueKind.Array when depth < MostDepth => Items(name, value, depth) is { Count: > 0 } items ? items : null,
        _ => null,
    };

    // Of objects in a list only those with something to tell are told, and only in a list that is named.
    private JsonArray? Items(string name, JsonElement list, int depth)
    {
        if (!texts.Contains(name))
        {
            return null;
        }

        var items = new JsonArray();
        foreach (var item in list.EnumerateArray().Take(MostItems))
        {
            if (item.ValueKind is JsonValueKind.Object)
            {
                var facts = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
                Read(item, "", depth + 1, facts);
                if (facts.Count > 0)
                {
                    items.Add(new JsonObject(facts.Take(MostItems).Select(fact => KeyValuePair.Create<string, JsonNode?>(fact.Key, fact.Value))));
                }
            }
            else if (item.ValueKind is not JsonValueKind.Array && Value(name, item, depth + 1, "") is { } value)
            {
                items.Add(value);
            }
        }

        return items;
    }

    private static bool IsLeftOut(string name) => SecretShapes.IsSecretName(name) || name is "tags" or "labels" or "metadata" or "annotations" or "environmentVariables" or "env";

    [GeneratedRegex("time|date|stamp|usage|used|current|utiliz|generation|version$|revision|fingerprint|heartbeat|etag|count(er)?$|epoch|(last|next)[A-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex Volatile();
}
