namespace McpInfra.Cedar;

/// <summary>A type of the schema and of the validator.</summary>
internal abstract record CedarType
{
    public static CedarType Boolean { get; } = new BooleanType(null);

    public static CedarType True { get; } = new BooleanType(true);

    public static CedarType False { get; } = new BooleanType(false);

    public static CedarType Long { get; } = new ScalarType(ValueKind.Long, "Long");

    public static CedarType String { get; } = new ScalarType(ValueKind.String, "String");

    public static CedarType Decimal { get; } = new ScalarType(ValueKind.Decimal, "decimal");

    public static CedarType IpAddress { get; } = new ScalarType(ValueKind.IpAddress, "ipaddr");

    public static CedarType DateTime { get; } = new ScalarType(ValueKind.DateTime, "datetime");

    public static CedarType Duration { get; } = new ScalarType(ValueKind.Duration, "duration");

    /// <summary>The type of what never has a value.</summary>
    public static CedarType Never { get; } = new NeverType();

    public static CedarType Of(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => Boolean,
        ValueKind.Long => Long,
        ValueKind.String => String,
        ValueKind.Decimal => Decimal,
        ValueKind.IpAddress => IpAddress,
        ValueKind.DateTime => DateTime,
        ValueKind.Duration => Duration,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a scalar"),
    };
}

/// <summary>A boolean, of which the validator may know the value.</summary>
internal sealed record BooleanType(bool? Known) : CedarType
{
    public override string ToString() => Known switch { true => "True", false => "False", null => "Bool" };
}

/// <summary>A number, text or extension value.</summary>
internal sealed record ScalarType(ValueKind Kind, string Name) : CedarType
{
    public bool IsExtension => Kind >= ValueKind.Decimal;

    public override string ToString() => Name;
}

/// <summary>A set; the element is Never in the type of the empty set.</summary>
internal sealed record SetType(CedarType Element) : CedarType
{
    public override string ToString() => $"Set<{Element}>";
}

/// <summary>A reference to an entity of one type.</summary>
internal sealed record EntityType(string Name) : CedarType
{
    public override string ToString() => Name;
}

/// <summary>No value at all.</summary>
internal sealed record NeverType : CedarType
{
    public override string ToString() => "Never";
}
