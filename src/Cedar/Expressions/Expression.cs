namespace McpInfra.Cedar;

/// <summary>
/// A compiled expression: an immutable tree that evaluates itself. Failure is a value of kind Fault, not an exception,
/// because a policy that errs on ordinary requests must not cost more than one that does not.
/// </summary>
internal abstract class Expression(Span span, int depth)
{
    /// <summary>The deepest tree that is built, so that no walk over one can exhaust a stack.</summary>
    public const int MaximumDepth = 256;

    public Span Span { get; } = span;

    public int Depth { get; } = depth;

    /// <summary>The expressions directly inside, in the order of the text.</summary>
    public virtual IReadOnlyList<Expression> Parts => [];

    public abstract Value Evaluate(Evaluation evaluation);

    /// <summary>The expression itself, unless it is deeper than any may be.</summary>
    public Expression Bounded() => Depth <= MaximumDepth ? this : throw TooDeep(Span);

    public static SyntaxException TooDeep(Span span) => new(span, $"nested deeper than {MaximumDepth} levels: expected a flatter expression");

    protected static int Over(Expression first) => first.Depth + 1;

    protected static int Over(Expression first, Expression second) => Math.Max(first.Depth, second.Depth) + 1;

    protected static int Over(IEnumerable<Expression> parts) => parts.Select(part => part.Depth).DefaultIfEmpty().Max() + 1;

    protected Value Fail(string message) => Value.Failed(new EvaluationFault(Span, message));

    protected Value WrongType(string wanted, Value found) => found.IsFault ? found : Fail($"type error: expected {wanted}, found {Describe(found)}");

    protected static string Describe(Value value) => value.Kind switch
    {
        ValueKind.Boolean => "a boolean",
        ValueKind.Long => "a long",
        ValueKind.String => "a string",
        ValueKind.Entity => $"an entity of type `{value.AsEntity().Type}`",
        ValueKind.Set => "a set",
        ValueKind.Record => "a record",
        ValueKind.Decimal => "a decimal",
        ValueKind.IpAddress => "an ipaddr",
        ValueKind.DateTime => "a datetime",
        _ => "a duration",
    };
}
