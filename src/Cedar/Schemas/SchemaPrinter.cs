using System.Text;

namespace McpInfra.Cedar;

/// <summary>Writes a schema in Cedar syntax: names in full, common types in place.</summary>
internal sealed class SchemaPrinter
{
    private readonly StringBuilder text = new();

    public static string Print(Schema schema)
    {
        var printer = new SchemaPrinter();
        var spaces = schema.EntityDeclarations.Select(entity => Names.Namespace(entity.Name)).Concat(schema.Actions.Select(action => Names.Namespace(action.Type)));
        foreach (var space in spaces.Distinct().Order(StringComparer.Ordinal))
        {
            printer.Append(schema, space);
        }

        return printer.text.ToString();
    }

    private void Append(Schema schema, string space)
    {
        text.Append(space.Length == 0 ? "" : $"{Annotations.Print(schema.AnnotationsOf(space), '\n')}namespace {space} {{\n");
        foreach (var entity in schema.EntityDeclarations.Where(entity => Names.Namespace(entity.Name) == space))
        {
            Append(entity, schema.EntityDeclarations.Where(above => above.Descendants.Contains(entity.Name)).Select(above => above.Name));
        }

        foreach (var action in schema.ActionDeclarations.Where(action => Names.Namespace(action.Uid.Type) == space))
        {
            Append(action);
        }

        text.Append(space.Length == 0 ? "" : "}\n");
    }

    private void Append(EntityDeclaration entity, IEnumerable<string> above)
    {
        text.Append(Annotations.Print(entity.Annotations, '\n')).Append("entity ").Append(Names.Base(entity.Name));
        if (entity.Ids is { } ids)
        {
            text.Append(" enum [").AppendJoin(", ", ids.Select(Quoting.Quote)).Append("];\n");
            return;
        }

        var parents = string.Join(", ", above);
        text.Append(parents.Length == 0 ? "" : $" in [{parents}]").Append(" = ").Append(Print(entity.Attributes))
            .Append(entity.Tags is null ? "" : $" tags {Print(entity.Tags)}").Append(";\n");
    }

    private void Append(ActionDeclaration action)
    {
        text.Append(Annotations.Print(action.Annotations, '\n')).Append("action ").Append(Quoting.Quote(action.Uid.Id))
            .Append(action.Parents.Count == 0 ? "" : $" in [{string.Join(", ", action.Parents)}]");
        if (action.Principals.Count > 0 && action.Resources.Count > 0)
        {
            text.Append($" appliesTo {{ principal: [{string.Join(", ", action.Principals)}], resource: [{string.Join(", ", action.Resources)}], context: {Print(action.Context)} }}");
        }

        text.Append(";\n");
    }

    private static string Print(CedarType type) => type switch
    {
        BooleanType => $"{Names.Builtin}::Bool",
        ScalarType scalar => $"{Names.Builtin}::{scalar.Name}",
        SetType set => $"Set<{Print(set.Element)}>",
        RecordType record => $"{{{string.Join(", ", record.Attributes.Select(attribute => $"{Annotations.Print(attribute.Value.Annotations, ' ')}{Quoting.Quote(attribute.Key)}{(attribute.Value.IsRequired ? "" : "?")}: {Print(attribute.Value.Type)}"))}}}",
        _ => type.ToString()!,
    };
}
