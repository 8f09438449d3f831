namespace McpInfra.Cedar;

/// <summary>`-a`.</summary>
internal sealed class NegateExpression(Expression operand, Span span) : Expression(span, Over(operand))
{
    public Expression Operand { get; } = operand;

    public override IReadOnlyList<Expression> Parts => [Operand];

    public override Value Evaluate(Evaluation evaluation)
    {
        var value = Operand.Evaluate(evaluation);
        if (value.Kind != ValueKind.Long)
        {
            return WrongType("a long", value);
        }

        return value.AsLong() == long.MinValue ? Fail("overflow: the result does not fit a 64-bit long") : Value.Of(-value.AsLong());
    }
}

/// <summary>`set.isEmpty()`.</summary>
internal sealed class IsEmptyExpression(Expression operand, Span span) : Expression(span, Over(operand))
{
    public Expression Operand { get; } = operand;

    public override IReadOnlyList<Expression> Parts => [Operand];

    public override Value Evaluate(Evaluation evaluation)
    {
        var value = Operand.Evaluate(evaluation);
        return value.Kind == ValueKind.Set ? Value.Of(value.AsSet().Count == 0) : WrongType("a set", value);
    }
}

/// <summary>`text like "pat*ern"`.</summary>
internal sealed class LikeExpression(Expression operand, Pattern pattern, Span span) : Expression(span, Over(operand))
{
    public Expression Operand { get; } = operand;

    public Pattern Pattern { get; } = pattern;

    public override IReadOnlyList<Expression> Parts => [Operand];

    public override Value Evaluate(Evaluation evaluation)
    {
        var value = Operand.Evaluate(evaluation);
        return value.Kind == ValueKind.String ? Value.Of(Pattern.Matches(value.AsString())) : WrongType("a string", value);
    }
}

/// <summary>`entity is Type`.</summary>
internal sealed class IsExpression(Expression operand, string type, Span span) : Expression(span, Over(operand))
{
    public Expression Operand { get; } = operand;

    public string Type { get; } = type;

    public override IReadOnlyList<Expression> Parts => [Operand];

    public override Value Evaluate(Evaluation evaluation)
    {
        var value = Operand.Evaluate(evaluation);
        return value.Kind == ValueKind.Entity ? Value.Of(string.Equals(value.AsEntity().Type, Type)) : WrongType("an entity", value);
    }
}
