namespace McpInfra.Cedar;

/// <summary>A function of the extension types: how it is called, what it takes and gives, and what it does.</summary>
internal sealed class Function
{
    private static readonly Dictionary<string, Function> ByName = new Function[]
    {
        Constructor("decimal", ValueKind.Decimal, "-?digits.digits with one to four decimal places", text => CedarDecimal.TryParse(text, out var value) ? Value.Decimal(value) : null),
        Constructor("ip", ValueKind.IpAddress, "an IPv4 or IPv6 address, with or without a prefix length", text => IpRange.TryParse(text, out var value) ? Value.Of(value!) : null),
        Constructor("datetime", ValueKind.DateTime, "YYYY-MM-DD, or YYYY-MM-DDThh:mm:ss[.SSS] with Z or ±hhmm", text => CedarTime.TryParseDateTime(text, out var value) ? Value.DateTime(value) : null),
        Constructor("duration", ValueKind.Duration, "quantities and units in the order d, h, m, s, ms, as in `1d2h`", text => CedarTime.TryParseDuration(text, out var value) ? Value.Duration(value) : null),
        Method("lessThan", [ValueKind.Decimal, ValueKind.Decimal], ValueKind.Boolean, args => Value.Of(args[0].AsLong() < args[1].AsLong())),
        Method("lessThanOrEqual", [ValueKind.Decimal, ValueKind.Decimal], ValueKind.Boolean, args => Value.Of(args[0].AsLong() <= args[1].AsLong())),
        Method("greaterThan", [ValueKind.Decimal, ValueKind.Decimal], ValueKind.Boolean, args => Value.Of(args[0].AsLong() > args[1].AsLong())),
        Method("greaterThanOrEqual", [ValueKind.Decimal, ValueKind.Decimal], ValueKind.Boolean, args => Value.Of(args[0].AsLong() >= args[1].AsLong())),
        Method("isIpv4", [ValueKind.IpAddress], ValueKind.Boolean, args => Value.Of(args[0].AsIpRange().IsIpv4)),
        Method("isIpv6", [ValueKind.IpAddress], ValueKind.Boolean, args => Value.Of(!args[0].AsIpRange().IsIpv4)),
        Method("isLoopback", [ValueKind.IpAddress], ValueKind.Boolean, args => Value.Of(args[0].AsIpRange().IsLoopback)),
        Method("isMulticast", [ValueKind.IpAddress], ValueKind.Boolean, args => Value.Of(args[0].AsIpRange().IsMulticast)),
        Method("isInRange", [ValueKind.IpAddress, ValueKind.IpAddress], ValueKind.Boolean, args => Value.Of(args[0].AsIpRange().IsIn(args[1].AsIpRange()))),
        Method("offset", [ValueKind.DateTime, ValueKind.Duration], ValueKind.DateTime, args => Fitting((Int128)args[0].AsLong() + args[1].AsLong(), Value.DateTime)),
        Method("durationSince", [ValueKind.DateTime, ValueKind.DateTime], ValueKind.Duration, args => Fitting((Int128)args[0].AsLong() - args[1].AsLong(), Value.Duration)),
        Method("toDate", [ValueKind.DateTime], ValueKind.DateTime, args => Fitting((Int128)args[0].AsLong() - CedarTime.TimeOfDay(args[0].AsLong()), Value.DateTime)),
        Method("toTime", [ValueKind.DateTime], ValueKind.Duration, args => Value.Duration(CedarTime.TimeOfDay(args[0].AsLong()))),
        Method("toMilliseconds", [ValueKind.Duration], ValueKind.Long, args => Value.Of(args[0].AsLong())),
        Method("toSeconds", [ValueKind.Duration], ValueKind.Long, args => Value.Of(args[0].AsLong() / 1_000)),
        Method("toMinutes", [ValueKind.Duration], ValueKind.Long, args => Value.Of(args[0].AsLong() / 60_000)),
        Method("toHours", [ValueKind.Duration], ValueKind.Long, args => Value.Of(args[0].AsLong() / 3_600_000)),
        Method("toDays", [ValueKind.Duration], ValueKind.Long, args => Value.Of(args[0].AsLong() / CedarTime.Day)),
    }.ToDictionary(function => function.Name);

    private Function(string name, bool isMethod, ValueKind[] parameters, ValueKind result, string failure, Apply apply) =>
        (Name, IsMethod, Parameters, Result, Failure, Call) = (name, isMethod, parameters, result, failure, apply);

    /// <summary>Gives null when the arguments are of the right kinds and yet have no result.</summary>
    public delegate Value? Apply(ReadOnlySpan<Value> arguments);

    public string Name { get; }

    /// <summary>Called as `a.name(b)`, not `name(a)`.</summary>
    public bool IsMethod { get; }

    public ValueKind[] Parameters { get; }

    public ValueKind Result { get; }

    /// <summary>What is said when there is no result.</summary>
    public string Failure { get; }

    public Apply Call { get; }

    public bool IsConstructor => !IsMethod;

    public static Function? Find(string name) => ByName.GetValueOrDefault(name);

    private static Function Constructor(string name, ValueKind result, string form, Func<string, Value?> parse) =>
        new(name, false, [ValueKind.String], result, $"the argument of `{name}` is not of its form: expected {form}", args => parse(args[0].AsString()));

    private static Function Method(string name, ValueKind[] parameters, ValueKind result, Apply apply) =>
        new(name, true, parameters, result, $"overflow: the result of `{name}` does not fit 64 bits", apply);

    private static Value? Fitting(Int128 exact, Func<long, Value> make) => exact >= long.MinValue && exact <= long.MaxValue ? make((long)exact) : null;
}
