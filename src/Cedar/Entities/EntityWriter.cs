using System.Text.Json;

namespace McpInfra.Cedar;

/// <summary>Writes entities in JSON.</summary>
internal static class EntityWriter
{
    public static void Write(Utf8JsonWriter json, IEnumerable<Entity> entities)
    {
        json.WriteStartArray();
        foreach (var entity in entities)
        {
            json.WriteStartObject();
            json.WritePropertyName("uid");
            ValueWriter.WriteUid(json, entity.Uid);
            json.WritePropertyName("attrs");
            ValueWriter.Write(json, entity.Attributes);
            json.WriteStartArray("parents");
            foreach (var parent in entity.Parents)
            {
                ValueWriter.WriteUid(json, parent);
            }

            json.WriteEndArray();
            if (entity.Tags.Count > 0)
            {
                json.WritePropertyName("tags");
                ValueWriter.Write(json, entity.Tags);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
