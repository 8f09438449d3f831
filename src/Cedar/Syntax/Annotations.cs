using System.Text.Json;

namespace McpInfra.Cedar;

/// <summary>`@name("value")` of policies and of schemas, in either syntax. One without a value is the empty text.</summary>
internal static class Annotations
{
    private const string Member = "annotations";

    public static SortedDictionary<string, string> Read(TokenReader tokens)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (tokens.TryTake("@"))
        {
            var name = tokens.Current.Kind == TokenKind.Identifier ? tokens.Take() : throw tokens.Unexpected("an annotation's name");
            var value = "";
            if (tokens.TryTake("("))
            {
                value = tokens.ExpectString("a string, the annotation's value");
                tokens.Expect(")");
            }

            if (!annotations.TryAdd(name.Text, value))
            {
                throw new SyntaxException(name.Span, $"the annotation `@{name.Text}` is given twice: expected each once");
            }
        }

        return annotations;
    }

    /// <summary>Those of a policy, or of a part of a schema, in JSON.</summary>
    public static SortedDictionary<string, string> Read(JsonItem item)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in item[Member]?.Object("an object of annotations").Members ?? [])
        {
            if (!Names.IsIdentifier(name))
            {
                throw new JsonFault(value.Offset, $"`{name}` cannot be the name of an annotation: expected an identifier");
            }

            annotations.Add(name, value.Kind is JsonValueKind.Null ? "" : value.String("a string, the annotation's value"));
        }

        return annotations;
    }

    /// <summary>Writes them in JSON; nothing when there are none.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, string> annotations)
    {
        if (annotations.Count == 0)
        {
            return;
        }

        json.WriteStartObject(Member);
        foreach (var (name, value) in annotations)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    /// <summary>In Cedar syntax, with what stands between each and what follows.</summary>
    public static string Print(IReadOnlyDictionary<string, string> annotations, char between) =>
        string.Concat(annotations.Select(annotation => $"@{annotation.Key}({Quoting.Quote(annotation.Value)}){between}"));
}
