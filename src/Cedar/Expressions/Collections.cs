namespace McpInfra.Cedar;

/// <summary>`[a, b, …]`; one of literals alone is made once.</summary>
internal sealed class SetExpression : Expression
{
    private readonly Value? constant;

    public SetExpression(Expression[] members, Span span)
        : base(span, Over(members))
    {
        Members = members;
        constant = members.All(member => member is LiteralExpression)
            ? Value.Of(CedarSet.From(members.Select(member => ((LiteralExpression)member).Literal)))
            : null;
    }

    public Expression[] Members { get; }

    public override IReadOnlyList<Expression> Parts => Members;

    public override Value Evaluate(Evaluation evaluation)
    {
        if (constant is { } made)
        {
            return made;
        }

        var values = new Value[Members.Length];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Members[index].Evaluate(evaluation);
            if (values[index].IsFault)
            {
                return values[index];
            }
        }

        return Value.Of(CedarSet.From(values.AsSpan()));
    }
}

/// <summary>`{a: 1, "b": 2}`, sorted by name; names are distinct.</summary>
internal sealed class RecordExpression : Expression
{
    public RecordExpression(SortedDictionary<string, Expression> attributes, Span span)
        : base(span, Over(attributes.Values)) =>
        (Names, Values) = ([.. attributes.Keys], [.. attributes.Values]);

    public string[] Names { get; }

    public Expression[] Values { get; }

    public override IReadOnlyList<Expression> Parts => Values;

    public override Value Evaluate(Evaluation evaluation)
    {
        var values = new Value[Values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Values[index].Evaluate(evaluation);
            if (values[index].IsFault)
            {
                return values[index];
            }
        }

        return Value.Of(CedarRecord.FromSorted(Names, values));
    }
}
