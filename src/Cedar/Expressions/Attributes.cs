namespace McpInfra.Cedar;

/// <summary>`a.name` or `a["name"]`, of a record or an entity.</summary>
internal sealed class GetExpression(Expression target, string name, Span span) : Expression(span, Over(target))
{
    public Expression Target { get; } = target;

    public string Name { get; } = name;

    public override IReadOnlyList<Expression> Parts => [Target];

    public override Value Evaluate(Evaluation evaluation)
    {
        var target = Target.Evaluate(evaluation);
        if (target.Kind == ValueKind.Record)
        {
            return target.AsRecord().TryGet(Name, out var value) ? value : Fail($"the record lacks the attribute `{Name}`");
        }

        if (target.Kind != ValueKind.Entity)
        {
            return WrongType("an entity or a record", target);
        }

        var entity = evaluation.Find(target.AsEntity());
        if (entity is null)
        {
            return Fail($"the entity of type `{target.AsEntity().Type}` does not exist");
        }

        return entity.Attributes.TryGet(Name, out var attribute) ? attribute : Fail($"the entity of type `{entity.Uid.Type}` lacks the attribute `{Name}`");
    }
}

/// <summary>`a has name`, of a record or an entity; an entity that does not exist has nothing.</summary>
internal sealed class HasExpression(Expression target, string name, Span span) : Expression(span, Over(target))
{
    /// <summary>`x has a.b.c` is `x has a &amp;&amp; x.a has b &amp;&amp; x.a.b has c`.</summary>
    public static Expression Path(Expression target, IReadOnlyList<string> names, Span span)
    {
        var tests = new List<Expression>();
        foreach (var name in names)
        {
            tests.Add(new HasExpression(target, name, span));
            target = new GetExpression(target, name, span);
        }

        return tests is [var only] ? only : new AndExpression([.. tests], span);
    }

    public Expression Target { get; } = target;

    public string Name { get; } = name;

    public override IReadOnlyList<Expression> Parts => [Target];

    public override Value Evaluate(Evaluation evaluation)
    {
        var target = Target.Evaluate(evaluation);
        return target.Kind switch
        {
            ValueKind.Record => Value.Of(target.AsRecord().Has(Name)),
            ValueKind.Entity => Value.Of(evaluation.Find(target.AsEntity()) is { } entity && entity.Attributes.Has(Name)),
            _ => WrongType("an entity or a record", target),
        };
    }
}
