namespace McpInfra.Cedar;

/// <summary>Evaluates a policy clause by clause, in the order and as far as evaluation itself goes.</summary>
internal sealed class Explainer(Policy policy, Evaluation evaluation)
{
    private readonly List<Clause> clauses = [];

    public static PolicyExplanation Explain(Policy policy, Evaluation evaluation)
    {
        var explainer = new Explainer(policy, evaluation);
        var request = evaluation.Request;
        Clause[] scope =
        [
            explainer.Part(policy.PrincipalScope, request.Principal),
            explainer.Part(policy.ActionScope, request.Action),
            explainer.Part(policy.ResourceScope, request.Resource),
        ];
        var matched = scope.All(clause => clause.Result == ClauseResult.Held);
        foreach (var condition in policy.Conditions)
        {
            explainer.Walk(condition.Body, matched);
        }

        var value = matched ? policy.Test(evaluation) : Value.False;
        return new(policy, scope, explainer.clauses, Result(value));
    }

    private static ClauseResult Result(Value value) =>
        value.Kind != ValueKind.Boolean ? ClauseResult.Erred : value.AsBoolean() ? ClauseResult.Held : ClauseResult.Failed;

    private Clause Part(Scope scope, EntityUid uid) =>
        new(policy.Source.Position(scope.Span), scope.ToString(), Result(Value.Of(scope.Matches(uid, evaluation))));

    /// <summary>Lists every clause below; gives the value of what was reached, and null when it was not.</summary>
    private Value? Walk(Expression expression, bool reached)
    {
        switch (expression)
        {
            case AndExpression and:
                return Chain(and.Operands, reached, until: false);
            case OrExpression or:
                return Chain(or.Operands, reached, until: true);
            case NotExpression not:
                return Walk(not.Operand, reached) is { } inner ? inner.Kind == ValueKind.Boolean ? Value.Of(!inner.AsBoolean()) : inner : null;
            case IfExpression choice:
                var test = Walk(choice.Test, reached);
                var decided = test is { Kind: ValueKind.Boolean };
                var then = Walk(choice.Then, decided && test!.Value.AsBoolean());
                var otherwise = Walk(choice.Otherwise, decided && !test!.Value.AsBoolean());
                return then ?? otherwise ?? test;
            default:
                return Leaf(expression, reached);
        }
    }

    private Value? Chain(Expression[] operands, bool reached, bool until)
    {
        Value? last = null;
        foreach (var operand in operands)
        {
            var value = Walk(operand, reached);
            last = value ?? last;
            reached = reached && value is { Kind: ValueKind.Boolean } decided && decided.AsBoolean() != until;
        }

        return last;
    }

    private Value? Leaf(Expression expression, bool reached)
    {
        Value? value = reached ? expression.Evaluate(evaluation) : null;
        var error = value is { IsFault: true } failed ? failed.AsFault().Message : value is { } other && other.Kind != ValueKind.Boolean ? "not a boolean" : null;
        clauses.Add(new(policy.Source.Position(expression.Span), ExpressionPrinter.Print(expression), value is { } known ? Result(known) : ClauseResult.NotReached, error));
        return value;
    }
}
