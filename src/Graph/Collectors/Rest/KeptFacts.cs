using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>
/// The facts of a provider's object that are stored, of any type. Text is stored by an allow list of names, where it is a word under a name that ends as choices do
/// (`tlsMode`, `patchPolicy`), and where it says no more than yes or no; truth values always; numbers unless their name says that they are a secret, or that they change by themselves.
/// So an unknown type is shown with what can be told of it, and a value in free text never is.
/// </summary>
/// <param name="texts">Names of members whose text is kept, wherever they stand, or as `holder.name` where they stand in one of that name.</param>
internal sealed partial class KeptFacts(FrozenSet<string> texts)
{
    private const int MostDepth = 8;
    private const int MostFacts = 60;
    private const int MostItems = 100;
    private const int MostItemFacts = 40;
    private const int MostText = 400;

    private static readonly FrozenSet<string> Switches = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "enabled", "disabled", "on", "off", "true", "false", "yes", "no", "none", "allow", "deny", "required", "optional", "default");
    private static readonly FrozenSet<string> Common = EmbeddedTable.Rows("Rest", "kept.txt").Select(row => row[0]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The list beside a collector's code, and the one for all.</summary>
    public static KeptFacts Of(string folder) => new(EmbeddedTable.Rows(folder, "kept.txt").Select(row => row[0]).Concat(Common).ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>Facts by path (`networkProfile.networkPlugin`), sorted, so many at most.</summary>
    public JsonObject Of(params ReadOnlySpan<JsonElement?> objects)
    {
        var found = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var one in objects)
        {
            Read(one ?? default, "", "", 0, found);
        }

        var facts = new JsonObject();
        foreach (var (path, value) in found.Take(MostFacts))
        {
            facts[path] = value;
        }

        if (found.Count > MostFacts)
        {
            facts["more facts"] = found.Count - MostFacts;
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
            if (value is not null && (Switches.Contains(value) || !SecretShapes.IsSecretName(tag.Name)) && !SecretShapes.IsSecretValue(value) && !SecretShapes.IsSecretValue(tag.Name))
            {
                kept[tag.Name] = value;
            }
        }

        return kept;
    }

    /// <summary>Members of an object; none of anything else.</summary>
    public static IEnumerable<JsonProperty> Members(JsonElement value) => value.ValueKind is JsonValueKind.Object ? value.EnumerateObject() : [];

    private void Read(JsonElement value, string path, string holder, int depth, SortedDictionary<string, JsonNode> found)
    {
        foreach (var member in Members(value).Where(member => !IsLeftOut(member, holder)))
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (member.Value.ValueKind is JsonValueKind.Object && depth < MostDepth)
            {
                Read(member.Value, at, member.Name, depth + 1, found);
            }
            else if (Value(member.Name, member.Value, depth, holder) is { } kept)
            {
                found[at] = kept;
            }
        }
    }

    private JsonNode? Value(string name, JsonElement value, int depth, string holder) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => JsonValue.Create(value.GetBoolean()),
        JsonValueKind.Number => Volatile().IsMatch(name) && !IsListed(name, holder) ? null : JsonNode.Parse(value.GetRawText()),
        JsonValueKind.String => value.GetString() is { Length: > 0 and <= MostText } text && IsTold(name, holder, text) && !SecretShapes.IsSecretValue(text) ? JsonValue.Create(text) : null,
        JsonValueKind.Array when depth < MostDepth => Items(name, holder, value, depth) is { Count: > 0 } items ? items : null,
        _ => null,
    };

    // Of objects in a list only those with something to tell are told, and only in a list that is named.
    private JsonArray? Items(string name, string holder, JsonElement list, int depth)
    {
        if (!IsListed(name, holder) && !Choices().IsMatch(name))
        {
            return null;
        }

        var items = new JsonArray();
        foreach (var item in list.EnumerateArray().Take(MostItems))
        {
            if (item.ValueKind is JsonValueKind.Object)
            {
                var facts = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
                Read(item, "", name, depth + 1, facts);
                if (facts.Count > 0)
                {
                    items.Add(new JsonObject(facts.Take(MostItemFacts).Select(fact => KeyValuePair.Create<string, JsonNode?>(fact.Key, fact.Value))));
                }
            }
            else if (item.ValueKind is not JsonValueKind.Array && Value(name, item, depth + 1, holder) is { } value)
            {
                items.Add(value);
            }
        }

        if (list.GetArrayLength() is > MostItems and var length)
        {
            items.Add(JsonValue.Create($"and {length - MostItems} more"));
        }

        return items;
    }

    private static bool IsSwitch(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False || (value.ValueKind is JsonValueKind.String && Switches.Contains(value.GetString()!));

    private bool IsTold(string name, string holder, string text) => IsListed(name, holder) || Switches.Contains(text) || (Word().IsMatch(text) && Choices().IsMatch(name));

    private bool IsListed(string name, string holder) => texts.Contains(name) || texts.Contains($"{holder}.{name}");

    // Yes or no holds no secret, whatever its name says.
    private bool IsLeftOut(JsonProperty member, string holder) => member.Name is "tags" or "labels" or "metadata" or "annotations" or "environmentVariables" or "env"
        || (!IsSwitch(member.Value) && SecretShapes.IsSecretName(member.Name) && !texts.Contains($"{holder}.{member.Name}"));

    [GeneratedRegex("^(?!.*([Ll]ast|[Cc]urrent|[Uu]sage|lease)).*(access|actions?|algorithms?|behaviou?r|categor(y|ies)|class|duration|edition|encryption|enforcement|family|formats?|generation|kind|level|locations?|methods?|models?|modes?|options?|period|policy|protocols?|redundancy|retention|roles?|sku|size|states?|status|strategy|tier|types?|version|zones?)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Choices();

    [GeneratedRegex(@"^(?!(?:.*[0-9]){9})[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("time|date|stamp|usage|used|current|utiliz|generation|version$|revision|fingerprint|heartbeat|etag|count(er)?$|epoch|(last|next)[A-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex Volatile();
}
