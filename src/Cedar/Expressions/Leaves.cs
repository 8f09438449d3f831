namespace McpInfra.Cedar;

/// <summary>A boolean, number, text or entity that the policy names.</summary>
internal sealed class LiteralExpression(Value value, Span span) : Expression(span, 1)
{
    public Value Literal { get; } = value;

    public override Value Evaluate(Evaluation evaluation) => Literal;
}

/// <summary>principal, action, resource or context.</summary>
internal sealed class VariableExpression(Variable variable, Span span) : Expression(span, 1)
{
    public Variable Variable { get; } = variable;

    public override Value Evaluate(Evaluation evaluation) => evaluation.Read(Variable);
}
