using System.Text.Json;

namespace McpInfra.Cedar;

/// <summary>
/// Reads values in JSON: `__entity` and `__extn` say what JSON cannot. Where the type is known an entity may be `{type, id}` alone and an
/// extension value the text that its constructor takes.
/// </summary>
internal static class ValueReader
{
    private static readonly Evaluation Nothing = new(new Request(new("", ""), new("", ""), new("", ""), CedarRecord.Empty), EntityStore.Empty);

    public static Value Read(JsonItem item, CedarType? expected) => expected switch
    {
        EntityType => Value.Of(ReadUid(item)),
        ScalarType { IsExtension: true } extension => ReadExtension(item, extension),
        SetType set when item.IsArray => Value.Of(CedarSet.From(item.Items.Select(member => Read(member, set.Element)))),
        SetType => throw item.Expected("an array, for a set"),
        RecordType record when item.IsObject => Value.Of(ReadRecord(item, record)),
        RecordType => throw item.Expected("an object, for a record"),
        _ => ReadUntyped(item),
    };

    /// <summary>`{type, id}`, with or without `__entity` around it.</summary>
    public static EntityUid ReadUid(JsonItem item)
    {
        var bare = item.IsObject && item["__entity"] is { } inner ? inner : item;
        var type = bare.Require("type");
        var id = bare.Require("id").String("the entity's id, a string");
        var name = type.String("the entity's type, a string");
        return Names.IsName(name) ? new(string.Intern(name), id) : throw new JsonFault(type.Offset, "expected the name of an entity type, such as `Namespace::Type`");
    }

    public static CedarRecord ReadRecord(JsonItem item, RecordType? type)
    {
        var attributes = new List<KeyValuePair<string, Value>>();
        foreach (var (name, value) in item.Members)
        {
            AttributeType? attribute = null;
            if (type is not null && !type.Attributes.TryGetValue(name, out attribute))
            {
                throw new JsonFault(value.Offset, $"the attribute `{name}` is not in the schema: expected {Known(type)}");
            }

            attributes.Add(new(name, Read(value, attribute?.Type)));
        }

        var missing = type?.Attributes.FirstOrDefault(pair => pair.Value.IsRequired && item[pair.Key] is null).Key;
        return missing is null ? CedarRecord.From(attributes) : throw new JsonFault(item.Offset, $"the required attribute `{missing}` is missing");
    }

    private static string Known(RecordType type) => type.Attributes.Count == 0 ? "no attributes" : string.Join(", ", type.Attributes.Keys.Take(20));

    private static Value ReadUntyped(JsonItem item) => item.Kind switch
    {
        JsonValueKind.True => Value.True,
        JsonValueKind.False => Value.False,
        JsonValueKind.String => Value.Of(item.Text),
        JsonValueKind.Number when item.Number is { } number => Value.Of(number),
        JsonValueKind.Array => Value.Of(CedarSet.From(item.Items.Select(ReadUntyped))),
        JsonValueKind.Object => ReadObject(item),
        _ => throw item.Expected("a boolean, a 64-bit integer, a string, an array or an object"),
    };

    private static Value ReadObject(JsonItem item)
    {
        if (item.Members is [("__entity", { IsObject: true } entity)] && entity["type"] is { IsText: true } && entity["id"] is { IsText: true })
        {
            return Value.Of(ReadUid(entity));
        }

        if (item.Members is [("__extn", { IsObject: true } call)] && call["fn"] is { IsText: true } && (call["arg"] is not null || call["args"] is { IsArray: true }))
        {
            return Call(call);
        }

        return item.Members is [("__expr", { IsText: true })]
            ? throw new JsonFault(item.Offset, "`__expr` is no longer part of the language: expected `__entity` or `__extn`")
            : Value.Of(ReadRecord(item, null));
    }

    private static Value ReadExtension(JsonItem item, ScalarType type)
    {
        var call = item.IsObject && item["__extn"] is { } inner ? inner : item;
        if (call.IsObject && call["fn"] is not null)
        {
            var value = Call(call);
            return value.Kind == type.Kind ? value : throw new JsonFault(item.Offset, $"expected a value of type {type.Name}");
        }

        var constructor = type.Kind == ValueKind.IpAddress ? "ip" : type.Name;
        return Apply(item.Offset, constructor, [ReadUntyped(item)]);
    }

    private static Value Call(JsonItem call)
    {
        var name = call.Require("fn").String("a function's name");
        var arguments = call["arg"] is { } only ? [only] : call.Require("args").Array("an array of arguments").Items;
        if (Function.Find(name) is not { } function || function.Parameters.Length != arguments.Count)
        {
            throw new JsonFault(call.Offset, "expected a function such as decimal, ip, datetime, duration or offset, with its arguments");
        }

        return Apply(call.Offset, name, [.. arguments.Select((argument, index) => Read(argument, CedarType.Of(function.Parameters[index])))]);
    }

    private static Value Apply(int offset, string function, Value[] arguments)
    {
        var literals = arguments.Select(argument => (Expression)new LiteralExpression(argument, Span.None)).ToArray();
        var value = new CallExpression(Function.Find(function)!, literals, Span.None).Evaluate(Nothing);
        return value.IsFault ? throw new JsonFault(offset, value.AsFault().Message) : value;
    }
}
