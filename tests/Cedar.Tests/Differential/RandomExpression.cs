using System.Globalization;

namespace McpInfra.Cedar.Tests.Differential;

/// <summary>Writes expressions of a wanted type over what a schema says can be asked of one form of request.</summary>
internal sealed class RandomExpression
{
    private readonly Random random;
    private readonly Func<string, EntityUid> uid;
    private readonly IReadOnlyList<Place> places;
    private readonly string[] entityTypes;

    public RandomExpression(Random random, Schema schema, Func<string, EntityUid> uid, string principal, string resource, ActionDeclaration action)
    {
        (this.random, this.uid) = (random, uid);
        entityTypes = [.. schema.EntityTypes];
        var found = new List<Place>();
        Gather(schema, new("principal", new EntityType(principal), []), 3, found);
        Gather(schema, new("resource", new EntityType(resource), []), 3, found);
        Gather(schema, new("context", action.Context, []), 3, found);
        found.Add(new("action", new EntityType(action.Uid.Type), []));
        places = found;
    }

    /// <summary>Something of the type, and now and then of another.</summary>
    public string Of(CedarType type, int depth)
    {
        if (random.Next(70) == 0)
        {
            type = Any();
        }

        if (depth > 0 && random.Next(14) == 0)
        {
            return $"(if {Of(CedarType.Boolean, depth - 1)} then {Of(type, depth - 1)} else {Of(type, depth - 1)})";
        }

        return random.Next(3) > 0 && Place(type) is { } place
            ? Read(place, type, depth)
            : type switch
            {
                BooleanType => Boolean(depth),
                EntityType entity => uid(entity.Name).ToString(),
                SetType set => $"[{string.Join(", ", Enumerable.Range(0, random.Next(20) == 0 ? 0 : random.Next(1, 3)).Select(_ => Of(set.Element, depth - 1)))}]",
                RecordType record => $"{{{string.Join(", ", record.Attributes.Where(attribute => attribute.Value.IsRequired || random.Next(2) == 0).Select(attribute => $"{Quoting.Key(attribute.Key)}: {Of(attribute.Value.Type, depth - 1)}"))}}}",
                ScalarType scalar => Scalar(scalar, depth),
                _ => "1",
            };
    }

    private static void Gather(Schema schema, Place place, int depth, List<Place> found)
    {
        found.Add(place);
        var attributes = place.Type switch { RecordType record => record, EntityType entity => schema.Find(entity.Name)?.Attributes, _ => null };
        foreach (var (name, attribute) in depth == 0 ? [] : attributes?.Attributes ?? [])
        {
            var guards = attribute.IsRequired ? place.Guards : [.. place.Guards, $"{place.Text} has {Quoting.Key(name)}"];
            Gather(schema, new(Names.IsUsable(name) ? $"{place.Text}.{name}" : $"{place.Text}[{Quoting.Quote(name)}]", attribute.Type, guards), depth - 1, found);
        }

        if (place.Type is EntityType tagged && schema.Find(tagged.Name)?.Tags is { } tags)
        {
            found.Add(new($"{place.Text}.getTag(\"x\")", tags, [.. place.Guards, $"{place.Text}.hasTag(\"x\")"]));
        }
    }

    private T One<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private CedarType Any() => random.Next(3) switch
    {
        0 => new EntityType(One(entityTypes)),
        1 => One(places).Type,
        _ => CedarType.Of(One([ValueKind.Boolean, ValueKind.Long, ValueKind.String, ValueKind.Decimal, ValueKind.IpAddress, ValueKind.DateTime, ValueKind.Duration])),
    };

    private Place? Place(CedarType type) => places.Where(place => place.Type.Equals(type)).ToList() is { Count: > 0 } fitting ? One(fitting) : null;

    // What may be missing is mostly asked for first.
    private string Read(Place place, CedarType type, int depth) =>
        place.Guards.Count == 0 || random.Next(12) == 0 ? place.Text
        : type is BooleanType ? $"({string.Join(" && ", place.Guards)} && {place.Text})"
        : depth <= 0 ? place.Text
        : $"(if {string.Join(" && ", place.Guards)} then {place.Text} else {Of(type, depth - 1)})";

    private string Scalar(ScalarType scalar, int depth)
    {
        var next = depth - 1;
        var literal = scalar.Kind == ValueKind.Long ? Pools.Numbers[random.Next(Pools.Numbers.Length)].ToString(CultureInfo.InvariantCulture) : Pools.Data(scalar.Kind, random).ToString()!;
        return depth <= 0 || random.Next(3) == 0
            ? literal
            : scalar.Kind switch
            {
                ValueKind.Long => random.Next(3) switch
                {
                    0 => $"({Of(scalar, next)} {One(["+", "-", "*"])} {Of(scalar, next)})",
                    1 => $"-({Of(scalar, next)})",
                    _ => $"{Of(CedarType.Duration, next)}.{One(["toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays"])}()",
                },
                ValueKind.DateTime => One([$"{Of(scalar, next)}.offset({Of(CedarType.Duration, next)})", $"{Of(scalar, next)}.toDate()"]),
                ValueKind.Duration => One([$"{Of(CedarType.DateTime, next)}.durationSince({Of(CedarType.DateTime, next)})", $"{Of(CedarType.DateTime, next)}.toTime()"]),
                _ => literal,
            };
    }

    private string Boolean(int depth)
    {
        if (depth <= 0)
        {
            return One(["true", "false", "principal == principal", "context has a", "resource has owner"]);
        }

        var next = depth - 1;
        var place = One(places);
        return random.Next(15) switch
        {
            0 or 1 => $"({Of(CedarType.Boolean, next)} {One(["&&", "||"])} {Of(CedarType.Boolean, next)})",
            2 => $"!({Of(CedarType.Boolean, next)})",
            3 or 4 => $"({Of(place.Type, next)} {One(["==", "!="])} {Of(place.Type, next)})",
            5 when One([CedarType.Long, CedarType.DateTime, CedarType.Duration]) is var ordered => $"({Of(ordered, next)} {One(["<", "<=", ">", ">="])} {Of(ordered, next)})",
            6 => $"({Entity(next)} in {One([Entity(next), $"[{Entity(0)}, {Entity(0)}]", "action"])})",
            7 => $"({Entity(next)} is {One(entityTypes)}{One(["", "", $" in {Entity(0)}"])})",
            8 => $"({string.Join(" && ", [.. place.Guards, $"{place.Text} has {One(["a", "b.level", "owner", "\"odd name\"", "level"])}"])})",
            9 => $"({Of(CedarType.String, next)} like \"{One(Pools.Patterns)}\")",
            10 when One([CedarType.Long, CedarType.String, new EntityType(One(entityTypes)), place.Type]) is var element =>
                One([$"{Of(new SetType(element), next)}.contains({Of(element, next)})", $"{Of(new SetType(element), next)}.{One(["containsAll", "containsAny"])}({Of(new SetType(element), next)})", $"{Of(new SetType(element), next)}.isEmpty()"]),
            11 => $"{Of(CedarType.Decimal, next)}.{One(["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"])}({Of(CedarType.Decimal, next)})",
            12 => $"{Of(CedarType.IpAddress, next)}.{One(["isIpv4()", "isIpv6()", "isLoopback()", "isMulticast()", $"isInRange({Of(CedarType.IpAddress, next)})"])}",
            13 => $"{Entity(next)}.hasTag({One(["\"x\"", "\"y z\"", Of(CedarType.String, next)])})",
            _ => Read(place, CedarType.Boolean, next) is var read && place.Type is BooleanType ? read : Of(CedarType.Boolean, 0),
        };
    }

    private string Entity(int depth) => Of(One(places.Where(place => place.Type is EntityType).ToList()).Type, depth);
}

/// <summary>Where a value stands: how it is written, its type, and what must be asked before it may be read.</summary>
internal sealed record Place(string Text, CedarType Type, IReadOnlyList<string> Guards);
