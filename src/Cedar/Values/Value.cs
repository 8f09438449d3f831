namespace McpInfra.Cedar;

/// <summary>A value of the language. Small values hold no reference, so evaluating allocates little.</summary>
public readonly struct Value : IEquatable<Value>
{
    private readonly object? reference;
    private readonly long bits;

    private Value(ValueKind kind, object? reference, long bits) => (Kind, this.reference, this.bits) = (kind, reference, bits);

    /// <summary>What the value is.</summary>
    public ValueKind Kind { get; }

    internal static Value True { get; } = new(ValueKind.Boolean, null, 1);

    internal static Value False { get; } = new(ValueKind.Boolean, null, 0);

    internal bool IsFault => Kind == ValueKind.Fault;

    /// <summary>true or false.</summary>
    public static Value Of(bool value) => value ? True : False;

    /// <summary>A number.</summary>
    public static Value Of(long value) => new(ValueKind.Long, null, value);

    /// <summary>A text.</summary>
    public static Value Of(string value) => new(ValueKind.String, value, 0);

    /// <summary>A reference to an entity.</summary>
    public static Value Of(EntityUid value) => new(ValueKind.Entity, value, 0);

    /// <summary>A set.</summary>
    public static Value Of(CedarSet value) => new(ValueKind.Set, value, 0);

    /// <summary>A set of these values.</summary>
    public static Value SetOf(params ReadOnlySpan<Value> members) => Of(CedarSet.From(members));

    /// <summary>A record.</summary>
    public static Value Of(CedarRecord value) => new(ValueKind.Record, value, 0);

    /// <summary>An address or range.</summary>
    public static Value Of(IpRange value) => new(ValueKind.IpAddress, value, 0);

    /// <summary>An instant, to the millisecond.</summary>
    public static Value Of(DateTimeOffset value) => DateTime(value.ToUnixTimeMilliseconds());

    /// <summary>A length of time, to the millisecond.</summary>
    public static Value Of(TimeSpan value) => Duration(value.Ticks / TimeSpan.TicksPerMillisecond);

    /// <summary>A decimal of so many ten-thousandths.</summary>
    public static Value Decimal(long tenThousandths) => new(ValueKind.Decimal, null, tenThousandths);

    /// <summary>An instant so many milliseconds after 1970-01-01T00:00:00Z.</summary>
    public static Value DateTime(long milliseconds) => new(ValueKind.DateTime, null, milliseconds);

    /// <summary>A length of time of so many milliseconds.</summary>
    public static Value Duration(long milliseconds) => new(ValueKind.Duration, null, milliseconds);

    /// <summary>The boolean; throws on another kind.</summary>
    public bool AsBoolean() => Is(ValueKind.Boolean) && bits != 0;

    /// <summary>The number, or the ten-thousandths or milliseconds of a decimal, datetime or duration; throws on another kind.</summary>
    public long AsLong() => Kind is ValueKind.Long or ValueKind.Decimal or ValueKind.DateTime or ValueKind.Duration ? bits : throw Wrong(ValueKind.Long);

    /// <summary>The text; throws on another kind.</summary>
    public string AsString() => (string)Reference(ValueKind.String);

    /// <summary>The entity; throws on another kind.</summary>
    public EntityUid AsEntity() => (EntityUid)Reference(ValueKind.Entity);

    /// <summary>The set; throws on another kind.</summary>
    public CedarSet AsSet() => (CedarSet)Reference(ValueKind.Set);

    /// <summary>The record; throws on another kind.</summary>
    public CedarRecord AsRecord() => (CedarRecord)Reference(ValueKind.Record);

    /// <summary>The address; throws on another kind.</summary>
    public IpRange AsIpRange() => (IpRange)Reference(ValueKind.IpAddress);

    internal static Value Failed(EvaluationFault fault) => new(ValueKind.Fault, fault, 0);

    internal EvaluationFault AsFault() => (EvaluationFault)Reference(ValueKind.Fault);

    /// <summary>The values are the same; values of different kinds never are.</summary>
    public static bool operator ==(Value left, Value right) => left.Equals(right);

    /// <summary>The values differ.</summary>
    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <inheritdoc />
    public bool Equals(Value other) =>
        Kind == other.Kind && bits == other.bits && (ReferenceEquals(reference, other.reference) || (reference is not null && reference.Equals(other.reference)));

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine((int)Kind, bits, reference);

    /// <summary>Cedar syntax that evaluates to the value.</summary>
    public override string ToString() => ValuePrinter.Print(this);

    private bool Is(ValueKind kind) => Kind == kind ? true : throw Wrong(kind);

    private object Reference(ValueKind kind) => Is(kind) ? reference! : null!;

    private InvalidOperationException Wrong(ValueKind wanted) => new($"the value is of kind {Kind}, not {wanted}");
}
