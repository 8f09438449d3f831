using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Graph.Collectors.State;

/// <summary>A Pulumi checkpoint of version 3, told in the form of Terraform's states: Pulumi's providers name attributes as Terraform's do, in another case.</summary>
internal static class PulumiState
{
    /// <summary>The files.</summary>
    public static readonly JsonFile Form = new("state", 256, "export the stack", "Split the stack", "Export it again (`pulumi stack export`)");

    private const int MostResources = 500_000;

    /// <summary>The member by which Pulumi marks a value that is not what it seems, a secret first of all.</summary>
    private const string Signature = "4dabf18193072939515e22adb298388d";

    /// <param name="bytes">The file's, compressed or not.</param>
    /// <param name="path">What it is called in faults.</param>
    /// <exception cref="SourceException">It is too large, cut off, or no checkpoint.</exception>
    public static StateFile Read(byte[] bytes, string path)
    {
        using var document = Form.Parse(PulumiFiles.Inflated(bytes, path), path);
        var root = document.RootElement;
        var latest = Get(root, "deployment") is { ValueKind: JsonValueKind.Object } exported ? exported : Get(Get(root, "checkpoint"), "latest");
        var isEmpty = latest.ValueKind is JsonValueKind.Null && Get(root, "checkpoint").ValueKind is JsonValueKind.Object;
        if (!isEmpty && latest.ValueKind is not JsonValueKind.Object)
        {
            throw new SourceException($"{path} is JSON but not a Pulumi stack. Export it with `pulumi stack export --file {Path.GetFileName(path)}`, without --show-secrets.");
        }

        if (Get(root, "version") is not { ValueKind: JsonValueKind.Number } version || !version.TryGetInt32(out var number) || number is not (3 or 4))
        {
            throw new SourceException($"{path} is a Pulumi stack of another version; 3 is read. Export it with a current Pulumi.");
        }

        var resources = Get(latest, "resources") is { ValueKind: JsonValueKind.Array } list ? list : default;
        if (resources.ValueKind is JsonValueKind.Array && resources.GetArrayLength() > MostResources)
        {
            throw new SourceException($"{path} has over {MostResources} resources. Split the stack.");
        }

        return new StateFile("", 0, resources.ValueKind is JsonValueKind.Array ? [.. resources.EnumerateArray().Select(Instance).OfType<StateInstance>()] : []) { Engine = "pulumi" };
    }

    /// <summary>A resource that a provider made; null for components, providers and what is about to go.</summary>
    private static StateInstance? Instance(JsonElement resource)
    {
        if (Text(resource, "urn") is not { Length: <= 2000 } urn || Text(resource, "type") is not { } type || type.StartsWith("pulumi:", StringComparison.Ordinal)
            || Get(resource, "custom").ValueKind is not JsonValueKind.True || Get(resource, "delete").ValueKind is JsonValueKind.True)
        {
            return null;
        }

        var attributes = Attributes(Get(resource, "outputs"));
        if (Text(resource, "id") is { } id)
        {
            attributes["id"] = id;
        }

        if (attributes["metadata"] is JsonObject metadata && metadata["uid"] is JsonValue uid)
        {
            attributes["unique_id"] = uid.DeepClone();
        }

        return new StateInstance(
            "", PulumiTypes.Of(type, attributes["id"]?.ToString()), urn[(urn.LastIndexOf(':') + 1)..], "", JsonSerializer.SerializeToElement(attributes),
            [.. Texts(resource, "additionalSecretOutputs").Select(Snake)], Texts(resource, "dependencies"))
        {
            Block = urn, Engine = "pulumi",
        };
    }

    private static JsonObject Attributes(JsonElement outputs)
    {
        var attributes = new JsonObject();
        foreach (var output in outputs.ValueKind is JsonValueKind.Object ? outputs.EnumerateObject() : default)
        {
            if (output.Name != "__meta" && Plain(output.Value, IsMap(Snake(output.Name))) is { } value)
            {
                attributes[Snake(output.Name)] = value;
            }
        }

        return attributes;
    }

    /// <summary>The value in Terraform's case, without secrets; keys of tags stay as they are.</summary>
    private static JsonNode? Plain(JsonElement value, bool asIs = false) => value.ValueKind switch
    {
        JsonValueKind.Object when value.TryGetProperty(Signature, out _) => null,
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().GroupBy(member => asIs ? member.Name : Snake(member.Name))
            .Select(member => KeyValuePair.Create(member.Key, Plain(member.First().Value, IsMap(member.Key))))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(item => Plain(item))]),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonNode.Parse(value.GetRawText()),
    };

    private static bool IsMap(string name) => name is "tags" or "tags_all" or "labels";

    private static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var at = 0; at < name.Length; at++)
        {
            if (char.IsAsciiLetterUpper(name[at]) && at > 0 && !char.IsAsciiLetterUpper(name[at - 1]))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[at]));
        }

        return text.ToString();
    }

    private static JsonElement Get(JsonElement value, string name) => value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out var inner) ? inner : default;

    private static string? Text(JsonElement value, string name) => Get(value, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } found ? found : null;

    private static string[] Texts(JsonElement value, string name) =>
        Get(value, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!)] : [];
}
