using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph.Drift;

namespace McpInfra.Graph.Collectors.State;

/// <summary>The few facts of a state's object that are stored: by an allow list, without anything sensitive or that looks like a secret.</summary>
internal static class StateFacts
{
    private const int MostText = 400;
    private const int MostItems = 20;

    private static readonly string[] TagNames = ["tags_all", "tags", "effective_labels", "labels"];
    private static readonly FrozenSet<string> Kept = EmbeddedTable.Rows("kept.txt").Select(row => row[0]).ToFrozenSet();

    /// <summary>Facts by the allow list, and those that are compared with a cloud's.</summary>
    public static JsonObject Of(StateInstance instance)
    {
        var facts = new JsonObject();
        foreach (var attribute in Members(instance.Attributes).Where(attribute => Kept.Contains(attribute.Name)))
        {
            if (Safe(instance, attribute.Name, attribute.Value) is { } value)
            {
                facts[attribute.Name] = value;
            }
        }

        foreach (var compared in ComparedAttribute.Of(TerraformTypes.ProviderType(instance.Type)).Where(compared => compared.Form is not ComparedForm.Tags && !facts.ContainsKey(compared.State)))
        {
            if (StateAttributes.Read(instance, compared) is { } value)
            {
                facts[compared.State] = value;
            }
        }

        return facts;
    }

    /// <summary>`tags_all`, else `tags` or `labels`, without secrets.</summary>
    public static Dictionary<string, string> Tags(StateInstance instance) =>
        TagNames.Select(name => Tags(instance, name)).FirstOrDefault(tags => tags.Count > 0) ?? [];

    /// <summary>Scalar members of terraform_data's `input`, when it is an object: the only facts that such a resource has.</summary>
    public static JsonObject OfInput(StateInstance instance)
    {
        var facts = new JsonObject();
        foreach (var member in Members(Input(instance)))
        {
            if ((!SecretShapes.IsSecretName(member.Name) || IsReference(member.Value)) && member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
                && Safe(instance, $"input.{member.Name}", member.Value) is { } value)
            {
                facts[member.Name] = value;
            }
        }

        return facts;
    }

    /// <summary>`tags` of terraform_data's `input`.</summary>
    public static Dictionary<string, string> TagsOfInput(StateInstance instance) =>
        Input(instance) is { ValueKind: JsonValueKind.Object } input && input.TryGetProperty("tags", out var tags) ? Tags(instance, tags, "input.tags") : [];

    /// <summary>An attribute of any type is stored with its type beside it.</summary>
    public static JsonElement Input(StateInstance instance)
    {
        if (instance.Attributes.ValueKind is not JsonValueKind.Object || !instance.Attributes.TryGetProperty("input", out var input) || instance.IsSensitive("input"))
        {
            return default;
        }

        return input.ValueKind is JsonValueKind.Object && input.TryGetProperty("value", out var value) && input.TryGetProperty("type", out _) ? value : input;
    }

    /// <summary>A scalar or a short list of scalars that is neither sensitive nor empty nor like a secret; else null.</summary>
    public static JsonNode? Safe(StateInstance instance, string path, JsonElement value) => instance.HoldsSensitive(path) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: > 0 and <= MostText } text && !SecretShapes.IsSecretValue(text) ? JsonValue.Create(text) : null,
        JsonValueKind.Number => JsonValue.Create(value),
        JsonValueKind.True or JsonValueKind.False => JsonValue.Create(value.GetBoolean()),
        JsonValueKind.Array when value.GetArrayLength() is > 0 and <= MostItems && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number) =>
            new JsonArray([.. value.EnumerateArray().Select(item => Safe(instance, path, item)).OfType<JsonNode>()]),
        _ => null,
    };

    /// <summary>An id names a key or a secret without being one.</summary>
    private static bool IsReference(JsonElement value) => value.ValueKind is JsonValueKind.String && StateResource.IsGenerated(value.GetString()!);

    public static IEnumerable<JsonProperty> Members(JsonElement value) => value.ValueKind is JsonValueKind.Object ? value.EnumerateObject() : [];

    private static Dictionary<string, string> Tags(StateInstance instance, string name) =>
        instance.Attributes.ValueKind is JsonValueKind.Object && instance.Attributes.TryGetProperty(name, out var tags) ? Tags(instance, tags, name) : [];

    private static Dictionary<string, string> Tags(StateInstance instance, JsonElement tags, string path) =>
        Members(tags).Where(tag => tag.Value.ValueKind is JsonValueKind.String && !instance.IsSensitive($"{path}.{tag.Name}") && !instance.IsSensitive(path)
            && !SecretShapes.IsSecretName(tag.Name) && !SecretShapes.IsSecretValue(tag.Value.GetString()!))
            .ToDictionary(tag => tag.Name, tag => tag.Value.GetString()!);
}
