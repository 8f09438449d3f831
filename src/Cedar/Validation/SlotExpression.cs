namespace McpInfra.Cedar;

/// <summary>The entity that a template's slot will be bound to. Only validation meets one: what is evaluated has its slots bound.</summary>
internal sealed class SlotExpression(Variable variable, Span span) : Expression(span, 1)
{
    public Variable Variable { get; } = variable;

    public override Value Evaluate(Evaluation evaluation) => Fail("the slot is not bound");
}
