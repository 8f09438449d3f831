namespace McpInfra.Cedar;

internal sealed partial class TypeChecker
{
    private Judgement OfBinary(BinaryExpression binary, Capabilities known) => binary.Operator switch
    {
        BinaryOperator.Equal => OfEqual(binary, known),
        BinaryOperator.NotEqual => Negate(OfEqual(binary, known)),
        <= BinaryOperator.GreaterOrEqual => OfOrder(binary, known),
        <= BinaryOperator.Multiply => OfArithmetic(binary, known),
        BinaryOperator.In => OfIn(binary, known),
        BinaryOperator.Contains => OfContains(binary, known),
        BinaryOperator.ContainsAll or BinaryOperator.ContainsAny => OfContainsSet(binary, known),
        _ => OfTag(binary, known),
    };

    private CedarType? OfEqual(BinaryExpression equal, Capabilities known)
    {
        var (left, right) = (Check(equal.Left, known).Type, Check(equal.Right, known).Type);
        if (left is null || right is null)
        {
            return null;
        }

        if (left is EntityType one && right is EntityType other && one.Name != other.Name)
        {
            return CedarType.False;
        }

        if (Literal(equal.Left) is { } first && Literal(equal.Right) is { } second)
        {
            return Certain(first.Equals(second));
        }

        return Join(equal, [left, right], "both sides of the comparison") is null ? null : CedarType.Boolean;
    }

    /// <summary>The value of a literal; the form of request says what the action is.</summary>
    private Value? Literal(Expression expression) => expression switch
    {
        LiteralExpression literal => literal.Literal,
        VariableExpression { Variable: Variable.Action } => Value.Of(form.Action.Uid),
        _ => null,
    };

    private CedarType? OfOrder(BinaryExpression order, Capabilities known)
    {
        var (left, right) = (Check(order.Left, known).Type, Check(order.Right, known).Type);
        if (left is null || right is null)
        {
            return null;
        }

        if (left.Equals(right) && Ordered.Contains(left))
        {
            return CedarType.Boolean;
        }

        report(order.Span, $"expected two values of type Long, datetime or duration, found {left} and {right}");
        return null;
    }

    private CedarType? OfArithmetic(BinaryExpression binary, Capabilities known)
    {
        var left = Expect(binary.Left, known, CedarType.Long).Type;
        var right = Expect(binary.Right, known, CedarType.Long).Type;
        return left is null || right is null ? null : CedarType.Long;
    }

    private CedarType? OfIn(BinaryExpression within, Capabilities known)
    {
        var left = ExpectEntity(within.Left, known);
        var right = Check(within.Right, known).Type;
        var group = right as EntityType ?? (right as SetType)?.Element as EntityType;
        if (right is not null && group is null)
        {
            Wrong(within.Right, "an entity or a set of entities", right);
        }

        if (left is null || group is null)
        {
            return null;
        }

        if (Literal(within.Left) is { } literal && literal.AsEntity() is { IsAction: true } action && Literals(within.Right) is { } groups)
        {
            return Certain(groups.Any(uid => uid.IsAction && schema.IsIn(action, uid)));
        }

        return schema.Within(group.Name).Contains(left.Name) || IsActionTypeIn(left.Name, group.Name) ? CedarType.Boolean : CedarType.False;
    }

    private List<EntityUid>? Literals(Expression expression)
    {
        var parts = expression is SetExpression set ? set.Members : [expression];
        var literals = parts.Select(Literal).ToList();
        return literals.TrueForAll(value => value is { Kind: ValueKind.Entity }) ? [.. literals.Select(value => value!.Value.AsEntity())] : null;
    }

    private bool IsActionTypeIn(string type, string group) =>
        schema.ActionDeclarations.Any(action => action.Uid.Type == type && schema.ActionEntities.Find(action.Uid)?.Ancestors?.Any(above => above.Type == group) == true);

    private CedarType? OfContains(BinaryExpression contains, Capabilities known)
    {
        var set = ExpectSet(contains.Left, known);
        var member = Check(contains.Right, known).Type;
        return set is null || member is null || Join(contains, [set.Element, member], "the set's members and the value") is null ? null : CedarType.Boolean;
    }

    private CedarType? OfContainsSet(BinaryExpression contains, Capabilities known)
    {
        var (left, right) = (ExpectSet(contains.Left, known), ExpectSet(contains.Right, known));
        return left is null || right is null || Join(contains, [left, right], "both sets") is null ? null : CedarType.Boolean;
    }

    private Judgement OfTag(BinaryExpression tag, Capabilities known)
    {
        var entity = ExpectEntity(tag.Left, known);
        var name = Expect(tag.Right, known, CedarType.String).Type;
        if (entity is null || name is null)
        {
            return null;
        }

        var type = schema.Find(entity.Name)?.Tags;
        var shown = known.HasTag(tag.Left, tag.Right);
        if (tag.Operator == BinaryOperator.HasTag)
        {
            return new(type is null ? CedarType.False : shown ? CedarType.True : CedarType.Boolean, Capabilities.Tag(tag.Left, tag.Right));
        }

        if (!shown)
        {
            report(tag.Span, "the tag may be missing: expected `….hasTag(…) && …` before it is read");
        }
        else if (type is null)
        {
            report(tag.Span, $"entities of type `{entity.Name}` have no tags");
        }

        return shown ? type : null;
    }
}
