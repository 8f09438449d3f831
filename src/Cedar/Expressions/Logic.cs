namespace McpInfra.Cedar;

/// <summary>`a &amp;&amp; b &amp;&amp; …`: the operands from the left until one is false. Flat, so that a long chain is not a deep tree.</summary>
internal sealed class AndExpression(Expression[] operands, Span span) : Expression(span, Over(operands))
{
    /// <summary>`(a &amp;&amp; b) &amp;&amp; c` is the same as without parentheses, and is kept so.</summary>
    public Expression[] Operands { get; } = operands[0] is AndExpression first ? [.. first.Operands, .. operands.AsSpan(1)] : operands;

    public override IReadOnlyList<Expression> Parts => Operands;

    public override Value Evaluate(Evaluation evaluation)
    {
        foreach (var operand in Operands)
        {
            var value = operand.Evaluate(evaluation);
            if (value.Kind != ValueKind.Boolean)
            {
                return WrongType("a boolean", value);
            }

            if (!value.AsBoolean())
            {
                return value;
            }
        }

        return Value.True;
    }
}

/// <summary>`a || b || …`: the operands from the left until one is true.</summary>
internal sealed class OrExpression(Expression[] operands, Span span) : Expression(span, Over(operands))
{
    /// <summary>`(a || b) || c` is the same as without parentheses, and is kept so.</summary>
    public Expression[] Operands { get; } = operands[0] is OrExpression first ? [.. first.Operands, .. operands.AsSpan(1)] : operands;

    public override IReadOnlyList<Expression> Parts => Operands;

    public override Value Evaluate(Evaluation evaluation)
    {
        foreach (var operand in Operands)
        {
            var value = operand.Evaluate(evaluation);
            if (value.Kind != ValueKind.Boolean)
            {
                return WrongType("a boolean", value);
            }

            if (value.AsBoolean())
            {
                return value;
            }
        }

        return Value.False;
    }
}

/// <summary>`!a`.</summary>
internal sealed class NotExpression(Expression operand, Span span) : Expression(span, Over(operand))
{
    public Expression Operand { get; } = operand;

    public override IReadOnlyList<Expression> Parts => [Operand];

    public override Value Evaluate(Evaluation evaluation)
    {
        var value = Operand.Evaluate(evaluation);
        return value.Kind == ValueKind.Boolean ? Value.Of(!value.AsBoolean()) : WrongType("a boolean", value);
    }
}

/// <summary>`if a then b else c`.</summary>
internal sealed class IfExpression(Expression test, Expression then, Expression otherwise, Span span)
    : Expression(span, Over([test, then, otherwise]))
{
    public Expression Test { get; } = test;

    public Expression Then { get; } = then;

    public Expression Otherwise { get; } = otherwise;

    public override IReadOnlyList<Expression> Parts => [Test, Then, Otherwise];

    public override Value Evaluate(Evaluation evaluation)
    {
        var value = Test.Evaluate(evaluation);
        return value.Kind == ValueKind.Boolean
            ? (value.AsBoolean() ? Then : Otherwise).Evaluate(evaluation)
            : WrongType("a boolean", value);
    }
}
