namespace McpInfra.Cedar;

/// <summary>An operator or built-in method of two operands; both are evaluated, the left first.</summary>
internal sealed class BinaryExpression(BinaryOperator @operator, Expression left, Expression right, Span span)
    : Expression(span, Over(left, right))
{
    public BinaryOperator Operator { get; } = @operator;

    public Expression Left { get; } = left;

    public Expression Right { get; } = right;

    public override IReadOnlyList<Expression> Parts => [Left, Right];

    public override Value Evaluate(Evaluation evaluation)
    {
        var left = Left.Evaluate(evaluation);
        if (left.IsFault)
        {
            return left;
        }

        var right = Right.Evaluate(evaluation);
        if (right.IsFault)
        {
            return right;
        }

        return Operator switch
        {
            BinaryOperator.Equal => Value.Of(left.Equals(right)),
            BinaryOperator.NotEqual => Value.Of(!left.Equals(right)),
            <= BinaryOperator.GreaterOrEqual => Compare(left, right),
            <= BinaryOperator.Multiply => Calculate(left, right),
            BinaryOperator.In => In(left, right, evaluation),
            <= BinaryOperator.ContainsAny => Contains(left, right),
            _ => Tag(left, right, evaluation),
        };
    }

    private Value Compare(Value left, Value right)
    {
        if (left.Kind is not (ValueKind.Long or ValueKind.DateTime or ValueKind.Duration))
        {
            return WrongType("a long, datetime or duration", left);
        }

        if (right.Kind != left.Kind)
        {
            return WrongType(Describe(left), right);
        }

        var (first, second) = (left.AsLong(), right.AsLong());
        return Value.Of(Operator switch
        {
            BinaryOperator.Less => first < second,
            BinaryOperator.LessOrEqual => first <= second,
            BinaryOperator.Greater => first > second,
            _ => first >= second,
        });
    }

    private Value Calculate(Value left, Value right)
    {
        if (left.Kind != ValueKind.Long || right.Kind != ValueKind.Long)
        {
            return WrongType("a long", left.Kind == ValueKind.Long ? right : left);
        }

        var (first, second) = (left.AsLong(), right.AsLong());
        var exact = Operator switch
        {
            BinaryOperator.Add => (Int128)first + second,
            BinaryOperator.Subtract => (Int128)first - second,
            _ => (Int128)first * second,
        };
        var result = unchecked((long)exact);
        return result == exact ? Value.Of(result) : Fail("overflow: the result does not fit a 64-bit long");
    }

    private Value In(Value left, Value right, Evaluation evaluation)
    {
        if (left.Kind != ValueKind.Entity)
        {
            return WrongType("an entity", left);
        }

        if (right.Kind == ValueKind.Entity)
        {
            return Value.Of(evaluation.IsIn(left.AsEntity(), right.AsEntity()));
        }

        if (right.Kind != ValueKind.Set)
        {
            return WrongType("an entity or a set of entities", right);
        }

        foreach (var member in right.AsSet().Members)
        {
            if (member.Kind != ValueKind.Entity)
            {
                return WrongType("a set of entities", member);
            }
        }

        foreach (var member in right.AsSet().Members)
        {
            if (evaluation.IsIn(left.AsEntity(), member.AsEntity()))
            {
                return Value.True;
            }
        }

        return Value.False;
    }

    private Value Contains(Value left, Value right)
    {
        if (left.Kind != ValueKind.Set)
        {
            return WrongType("a set", left);
        }

        if (Operator == BinaryOperator.Contains)
        {
            return Value.Of(left.AsSet().Contains(right));
        }

        if (right.Kind != ValueKind.Set)
        {
            return WrongType("a set", right);
        }

        return Value.Of(Operator == BinaryOperator.ContainsAll ? left.AsSet().ContainsAll(right.AsSet()) : left.AsSet().ContainsAny(right.AsSet()));
    }

    private Value Tag(Value left, Value right, Evaluation evaluation)
    {
        if (left.Kind != ValueKind.Entity)
        {
            return WrongType("an entity", left);
        }

        if (right.Kind != ValueKind.String)
        {
            return WrongType("a string", right);
        }

        var entity = evaluation.Find(left.AsEntity());
        if (Operator == BinaryOperator.HasTag)
        {
            return Value.Of(entity is not null && entity.Tags.Has(right.AsString()));
        }

        if (entity is null)
        {
            return Fail($"the entity of type `{left.AsEntity().Type}` does not exist");
        }

        return entity.Tags.TryGet(right.AsString(), out var tag) ? tag : Fail($"the entity of type `{entity.Uid.Type}` lacks the tag that is read");
    }
}
