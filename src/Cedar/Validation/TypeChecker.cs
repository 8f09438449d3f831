namespace McpInfra.Cedar;

/// <summary>
/// Types an expression for one form of request. Follows evaluation: what can never be reached is not checked, and what a test has shown
/// to exist may be read behind it.
/// </summary>
internal sealed partial class TypeChecker(Schema schema, RequestForm form, Action<Span, string> report)
{
    private static readonly CedarType[] Ordered = [CedarType.Long, CedarType.DateTime, CedarType.Duration];

    public Judgement Check(Expression expression, Capabilities known) => expression switch
    {
        LiteralExpression literal => OfLiteral(literal.Literal),
        VariableExpression variable => OfVariable(variable.Variable),
        SlotExpression slot => new EntityType((slot.Variable == Variable.Principal ? form.PrincipalSlot : form.ResourceSlot)!),
        AndExpression and => OfChain(and.Operands, known, And),
        OrExpression or => OfChain(or.Operands, known, Or),
        NotExpression not => Negate(Expect(not.Operand, known, CedarType.Boolean)),
        IfExpression choice => OfIf(choice, known),
        NegateExpression negate => Expect(negate.Operand, known, CedarType.Long).Type is null ? null : CedarType.Long,
        IsEmptyExpression empty => ExpectSet(empty.Operand, known) is null ? null : CedarType.Boolean,
        LikeExpression like => Expect(like.Operand, known, CedarType.String).Type is null ? null : CedarType.Boolean,
        IsExpression test => ExpectEntity(test.Operand, known) is { } entity ? Certain(entity.Name == test.Type) : null,
        GetExpression get => OfGet(get, known),
        HasExpression has => OfHas(has, known),
        BinaryExpression binary => OfBinary(binary, known),
        SetExpression set => OfSet(set, known),
        RecordExpression record => OfRecord(record, known),
        CallExpression call => OfCall(call, known),
        _ => null,
    };

    /// <summary>`left &amp;&amp; right`, of which the right is given what the left has shown.</summary>
    public Judgement And(Judgement left, Expression right, Capabilities known)
    {
        if (left.IsFalse)
        {
            return CedarType.False;
        }

        var second = Expect(right, known.Or(left.Known), CedarType.Boolean);
        if (left.Type is null || second.Type is null)
        {
            return null;
        }

        // The language's own validator forgets what a left side that is always true has shown; so does this one.
        return second.IsFalse ? CedarType.False
            : second.IsTrue ? new(left.Type, left.Known.Or(second.Known))
            : left.IsTrue ? second
            : new(CedarType.Boolean, left.Known.Or(second.Known));
    }

    public Judgement Expect(Expression expression, Capabilities known, CedarType expected)
    {
        var judged = Check(expression, known);
        if (judged.Type is null || judged.Type.Equals(expected) || judged.Type is NeverType || (expected is BooleanType && judged.Type is BooleanType))
        {
            return judged;
        }

        return Wrong(expression, expected.ToString()!, judged.Type);
    }

    private static CedarType Certain(bool value) => value ? CedarType.True : CedarType.False;

    private static Judgement Negate(Judgement judged) => judged.Type is null ? null : judged.IsTrue ? CedarType.False : judged.IsFalse ? CedarType.True : CedarType.Boolean;

    private Judgement Wrong(Expression expression, string expected, CedarType found)
    {
        report(expression.Span, $"expected {expected}, found {found}");
        return null;
    }

    private CedarType? OfLiteral(Value value) => value.Kind switch
    {
        ValueKind.Boolean => Certain(value.AsBoolean()),
        ValueKind.Entity => Known(value.AsEntity()) ? new EntityType(value.AsEntity().Type) : null,
        _ => CedarType.Of(value.Kind),
    };

    /// <summary>What is not known is reported for the policy as a whole.</summary>
    private bool Known(EntityUid uid) => uid.IsAction ? schema.Find(uid) is not null : schema.Find(uid.Type) is not null;

    private CedarType OfVariable(Variable variable) => variable switch
    {
        Variable.Principal => new EntityType(form.Principal),
        Variable.Action => new EntityType(form.Action.Uid.Type),
        Variable.Resource => new EntityType(form.Resource),
        _ => form.Action.Context,
    };

    private Judgement OfChain(Expression[] operands, Capabilities known, Func<Judgement, Expression, Capabilities, Judgement> join)
    {
        var judged = Expect(operands[0], known, CedarType.Boolean);
        foreach (var operand in operands.Skip(1))
        {
            judged = join(judged, operand, known);
        }

        return judged;
    }

    private Judgement Or(Judgement left, Expression right, Capabilities known)
    {
        if (left.IsTrue)
        {
            return left;
        }

        var second = Expect(right, known, CedarType.Boolean);
        if (left.Type is null || second.Type is null)
        {
            return null;
        }

        return second.IsTrue ? second
            : second.IsFalse ? left
            : left.IsFalse ? second
            : new(CedarType.Boolean, left.Known.And(second.Known));
    }

    private Judgement OfIf(IfExpression choice, Capabilities known)
    {
        var test = Expect(choice.Test, known, CedarType.Boolean);
        if (test.IsFalse)
        {
            return Check(choice.Otherwise, known);
        }

        var then = Check(choice.Then, known.Or(test.Known));
        if (test.IsTrue)
        {
            return then.Type is null ? null : new(then.Type, then.Known.Or(test.Known));
        }

        var otherwise = Check(choice.Otherwise, known);
        return Join(choice, [then.Type, otherwise.Type], "the branches of `if`") is { } type && test.Type is not null
            ? new(type, then.Known.Or(test.Known).And(otherwise.Known))
            : null;
    }

    private CedarType? Join(Expression expression, IEnumerable<CedarType?> types, string what)
    {
        var joined = CedarType.Never;
        foreach (var type in types)
        {
            if (type is null)
            {
                return null;
            }

            if (TypeLattice.Join(joined, type) is not { } wider)
            {
                report(expression.Span, $"expected {what} to be of one type, found {joined} and {type}");
                return null;
            }

            joined = wider;
        }

        return joined;
    }

    private SetType? ExpectSet(Expression expression, Capabilities known)
    {
        var type = Check(expression, known).Type;
        if (type is not (null or SetType))
        {
            Wrong(expression, "a set", type);
        }

        return type as SetType;
    }

    private EntityType? ExpectEntity(Expression expression, Capabilities known)
    {
        var type = Check(expression, known).Type;
        if (type is not (null or EntityType))
        {
            Wrong(expression, "an entity", type);
        }

        return type as EntityType;
    }

    /// <summary>The attributes of an entity or a record; null, reported, for anything else.</summary>
    private RecordType? ExpectAttributes(Expression target, Capabilities known, out bool isRecord)
    {
        var type = Check(target, known).Type;
        isRecord = type is RecordType;
        switch (type)
        {
            case RecordType record: return record;
            case EntityType entity: return schema.Find(entity.Name)?.Attributes ?? RecordType.Empty;
            case null: return null;
            default:
                Wrong(target, "an entity or a record", type);
                return null;
        }
    }

    private CedarType? OfGet(GetExpression get, Capabilities known)
    {
        if (ExpectAttributes(get.Target, known, out _) is not { } attributes)
        {
            return null;
        }

        if (!attributes.Attributes.TryGetValue(get.Name, out var attribute))
        {
            report(get.Span, $"there is no attribute `{get.Name}`: expected {(attributes.Attributes.Count == 0 ? "none, for there are no attributes" : string.Join(", ", attributes.Attributes.Keys.Take(20)))}");
            return null;
        }

        if (!attribute.IsRequired && !known.HasAttribute(get.Target, get.Name))
        {
            report(get.Span, $"the attribute `{get.Name}` may be missing: expected `… has {Quoting.Key(get.Name)} && …` before it is read");
            return null;
        }

        return attribute.Type;
    }

    private Judgement OfHas(HasExpression has, Capabilities known)
    {
        if (ExpectAttributes(has.Target, known, out var isRecord) is not { } attributes)
        {
            return null;
        }

        if (!attributes.Attributes.TryGetValue(has.Name, out var attribute))
        {
            return CedarType.False;
        }

        // An entity that does not exist lacks even the attributes that its type requires.
        var certain = (attribute.IsRequired && isRecord) || known.HasAttribute(has.Target, has.Name);
        return new(certain ? CedarType.True : CedarType.Boolean, Capabilities.Attribute(has.Target, has.Name));
    }

    private CedarType? OfSet(SetExpression set, Capabilities known)
    {
        if (set.Members.Length == 0)
        {
            report(set.Span, "an empty set has no type: expected at least one member");
            return null;
        }

        var types = set.Members.Select(member => Check(member, known).Type).ToList();
        return Join(set, types, "the members of the set") is { } element ? new SetType(element) : null;
    }

    private CedarType? OfRecord(RecordExpression record, Capabilities known)
    {
        var types = record.Values.Select(value => Check(value, known).Type).ToList();
        return types.Contains(null)
            ? null
            : new RecordType(new(record.Names.Zip(types, (name, type) => KeyValuePair.Create(name, new AttributeType(type!, true))).ToDictionary(), StringComparer.Ordinal));
    }

    private CedarType? OfCall(CallExpression call, Capabilities known)
    {
        var function = call.Function;
        var result = CedarType.Of(function.Result);
        if (call.Arguments.Length != function.Parameters.Length)
        {
            report(call.Span, $"`{function.Name}` takes {function.Parameters.Length} argument(s), {call.Arguments.Length} given");
            return null;
        }

        if (function.IsConstructor && call.Arguments[0] is not LiteralExpression)
        {
            report(call.Span, $"the argument of `{function.Name}` cannot be checked: expected a literal");
            return null;
        }

        if (function.IsConstructor && call.Constant is { IsFault: true } fault)
        {
            report(call.Span, fault.AsFault().Message);
            return null;
        }

        var fitting = true;
        for (var index = 0; index < call.Arguments.Length; index++)
        {
            fitting &= Expect(call.Arguments[index], known, CedarType.Of(function.Parameters[index])).Type is not null;
        }

        return fitting ? result : null;
    }
}
