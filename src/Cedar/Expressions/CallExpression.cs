namespace McpInfra.Cedar;

/// <summary>A call of an extension function; one of a literal is made once.</summary>
internal sealed class CallExpression : Expression
{
    private readonly Value? constant;

    public CallExpression(Function function, Expression[] arguments, Span span)
        : base(span, Over(arguments))
    {
        (Function, Arguments) = (function, arguments);
        constant = function.IsConstructor && arguments is [LiteralExpression literal] ? Apply([literal.Literal]) : null;
    }

    public Function Function { get; }

    public Expression[] Arguments { get; }

    /// <summary>The call's value when it depends on nothing; of kind Fault when it must fail.</summary>
    public Value? Constant => constant;

    public override IReadOnlyList<Expression> Parts => Arguments;

    public override Value Evaluate(Evaluation evaluation)
    {
        if (constant is { } made)
        {
            return made;
        }

        var values = new ArgumentBuffer();
        for (var index = 0; index < Arguments.Length; index++)
        {
            var value = Arguments[index].Evaluate(evaluation);
            if (value.IsFault)
            {
                return value;
            }

            if (index < ArgumentBuffer.Length)
            {
                values[index] = value;
            }
        }

        return Apply(((ReadOnlySpan<Value>)values)[..Math.Min(Arguments.Length, ArgumentBuffer.Length)]);
    }

    private Value Apply(ReadOnlySpan<Value> values)
    {
        if (Arguments.Length != Function.Parameters.Length)
        {
            return Fail($"`{Function.Name}` takes {Function.Parameters.Length} argument(s), {Arguments.Length} given");
        }

        for (var index = 0; index < values.Length; index++)
        {
            if (values[index].Kind != Function.Parameters[index])
            {
                return WrongType(Name(Function.Parameters[index]), values[index]);
            }
        }

        return Function.Call(values) ?? Fail(Function.Failure);
    }

    private static string Name(ValueKind kind) => kind switch
    {
        ValueKind.String => "a string",
        ValueKind.Decimal => "a decimal",
        ValueKind.IpAddress => "an ipaddr",
        ValueKind.DateTime => "a datetime",
        _ => "a duration",
    };

    [System.Runtime.CompilerServices.InlineArray(Length)]
    private struct ArgumentBuffer
    {
        public const int Length = 2;
        private Value first;
    }
}
