using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Guardrails;

/// <summary>Nodes as elements. Not by the serializer, which first makes its reading of types by reflection: a fifteenth of a start.</summary>
public static class JsonElements
{
    /// <summary>The same JSON as an element of its own.</summary>
    public static JsonElement Of(JsonNode node)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            node.WriteTo(writer);
        }

        return JsonElement.Parse(bytes.WrittenSpan);
    }
}
