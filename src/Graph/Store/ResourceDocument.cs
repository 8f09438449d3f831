using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Graph.Store;

/// <summary>A resource as the text that is stored: keys sorted, so that equal facts are equal text.</summary>
internal static class ResourceDocument
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text as UTF-8, and a hash of what counts as a change of the resource: everything but the names under which it is known.</summary>
    public static (byte[] Body, UInt128 Facts) Write(Resource resource)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        int names, others;
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("id", resource.Id);
            json.WriteString("type", resource.Type);
            json.WriteString("name", resource.Name);
            json.WriteString("provider", resource.Provider);
            Write(json, "account", resource.Account);
            Write(json, "region", resource.Region);
            Write(json, "status", resource.Status);
            Write(json, "environment", resource.Environment);
            json.WriteStartObject("tags");
            foreach (var (key, value) in resource.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            names = Written(json);
            json.WriteStartArray("aliases");
            foreach (var alias in resource.Aliases.Distinct().Order(StringComparer.Ordinal))
            {
                json.WriteStringValue(alias);
            }

            json.WriteEndArray();
            others = Written(json);
            json.WritePropertyName("configuration");
            Write(json, resource.Configuration);
            json.WriteEndObject();
        }

        var body = buffer.WrittenSpan;
        return (body.ToArray(), Fingerprint.Of(body[..names], body[others..]));
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

    private static int Written(Utf8JsonWriter json) => (int)json.BytesCommitted + json.BytesPending;

    private static void Write(Utf8JsonWriter json, JsonNode? node)
    {
        switch (node)
        {
            case null:
                json.WriteNullValue();
                break;
            case JsonObject members:
                json.WriteStartObject();
                foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    json.WritePropertyName(name);
                    Write(json, value);
                }

                json.WriteEndObject();
                break;
            case JsonArray items:
                json.WriteStartArray();
                foreach (var item in items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                node.WriteTo(json);
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string? Text(JsonObject json, string name) => json[name]?.GetValue<string>();
}
