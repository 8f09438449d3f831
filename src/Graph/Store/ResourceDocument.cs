using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Graph.Store;

/// <summary>A resource as the text that is stored: keys sorted, so that equal facts are equal text.</summary>
internal static class ResourceDocument
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Resource resource) => Object(resource).ToJsonString(Compact);

    /// <summary>What counts as a change of the resource: everything but the names under which it is known.</summary>
    public static string Facts(Resource resource)
    {
        var facts = Object(resource);
        facts.Remove("aliases");
        return facts.ToJsonString(Compact);
    }

    public static Resource Read(string body)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        return new Resource
        {
            Id = Text(json, "id")!,
            Type = Text(json, "type")!,
            Name = Text(json, "name")!,
            Provider = Text(json, "provider")!,
            Account = Text(json, "account"),
            Region = Text(json, "region"),
            Status = Text(json, "status"),
            Environment = Text(json, "environment"),
            Tags = json["tags"]?.AsObject().ToDictionary(tag => tag.Key, tag => tag.Value!.GetValue<string>()) ?? [],
            Aliases = [.. json["aliases"]?.AsArray().Select(alias => alias!.GetValue<string>()) ?? []],
            Configuration = json["configuration"]?.DeepClone().AsObject() ?? [],
        };
    }

    private static JsonObject Object(Resource resource)
    {
        var json = new JsonObject { ["id"] = resource.Id, ["type"] = resource.Type, ["name"] = resource.Name, ["provider"] = resource.Provider };
        Add(json, "account", resource.Account);
        Add(json, "region", resource.Region);
        Add(json, "status", resource.Status);
        Add(json, "environment", resource.Environment);
        json["tags"] = new JsonObject(resource.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)));
        json["aliases"] = new JsonArray([.. resource.Aliases.Distinct().Order(StringComparer.Ordinal).Select(alias => (JsonNode)alias)]);
        json["configuration"] = Sorted(resource.Configuration);
        return json;
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static void Add(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private static string? Text(JsonObject json, string name) => json[name]?.GetValue<string>();
}
