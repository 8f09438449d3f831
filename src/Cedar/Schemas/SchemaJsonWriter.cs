using System.Text.Json;

namespace McpInfra.Cedar;

/// <summary>Writes a schema in JSON: names in full, common types in place.</summary>
internal sealed class SchemaJsonWriter(Utf8JsonWriter json)
{
    public void Write(Schema schema)
    {
        var spaces = schema.EntityDeclarations.Select(entity => Names.Namespace(entity.Name)).Concat(schema.Actions.Select(action => Names.Namespace(action.Type)));
        json.WriteStartObject();
        foreach (var space in spaces.Distinct().Order(StringComparer.Ordinal))
        {
            json.WriteStartObject(space);
            Annotations.Write(json, schema.AnnotationsOf(space));
            json.WriteStartObject("entityTypes");
            foreach (var entity in schema.EntityDeclarations.Where(entity => Names.Namespace(entity.Name) == space))
            {
                Write(entity, schema.EntityDeclarations.Where(above => above.Descendants.Contains(entity.Name)).Select(above => above.Name));
            }

            json.WriteEndObject();
            json.WriteStartObject("actions");
            foreach (var action in schema.ActionDeclarations.Where(action => Names.Namespace(action.Uid.Type) == space))
            {
                Write(action);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void Write(EntityDeclaration entity, IEnumerable<string> above)
    {
        json.WriteStartObject(Names.Base(entity.Name));
        Annotations.Write(json, entity.Annotations);
        if (entity.Ids is { } ids)
        {
            WriteStrings("enum", ids);
        }
        else
        {
            WriteStrings("memberOfTypes", above);
            json.WritePropertyName("shape");
            Write(entity.Attributes);
            if (entity.Tags is not null)
            {
                json.WritePropertyName("tags");
                Write(entity.Tags);
            }
        }

        json.WriteEndObject();
    }

    private void Write(ActionDeclaration action)
    {
        json.WriteStartObject(action.Uid.Id);
        Annotations.Write(json, action.Annotations);
        json.WriteStartArray("memberOf");
        foreach (var parent in action.Parents)
        {
            ValueWriter.WriteUid(json, parent);
        }

        json.WriteEndArray();
        json.WriteStartObject("appliesTo");
        WriteStrings("principalTypes", action.Principals);
        WriteStrings("resourceTypes", action.Resources);
        json.WritePropertyName("context");
        Write(action.Context);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteStrings(string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private void Write(CedarType type, AttributeType? attribute = null)
    {
        json.WriteStartObject();
        switch (type)
        {
            case BooleanType: json.WriteString("type", "Boolean"); break;
            case ScalarType { IsExtension: true } extension:
                json.WriteString("type", "Extension");
                json.WriteString("name", extension.Name);
                break;
            case ScalarType scalar: json.WriteString("type", scalar.Name); break;
            case EntityType entity:
                json.WriteString("type", "Entity");
                json.WriteString("name", entity.Name);
                break;
            case SetType set:
                json.WriteString("type", "Set");
                json.WritePropertyName("element");
                Write(set.Element);
                break;
            case RecordType record: WriteRecord(record); break;
        }

        if (attribute is not null)
        {
            json.WriteBoolean("required", attribute.IsRequired);
            Annotations.Write(json, attribute.Annotations);
        }

        json.WriteEndObject();
    }

    private void WriteRecord(RecordType record)
    {
        json.WriteString("type", "Record");
        json.WriteStartObject("attributes");
        foreach (var (name, attribute) in record.Attributes)
        {
            json.WritePropertyName(name);
            Write(attribute.Type, attribute);
        }

        json.WriteEndObject();
    }
}
