namespace McpInfra.Cedar;

/// <summary>Reads policies in Cedar syntax. After a fault it goes on behind the next `;`, so that all faults are found at once.</summary>
internal sealed class PolicyParser(SourceText source)
{
    private readonly TokenReader tokens = new(Lexer.Split(source.Text));

    public List<Policy> Parse(List<Fault> faults)
    {
        var policies = new List<Policy>();
        while (!tokens.AtEnd)
        {
            try
            {
                policies.Add(ReadPolicy());
            }
            catch (SyntaxException syntax)
            {
                faults.Add(source.Fault(syntax.Span, syntax.Message));
                tokens.SkipBehind(";");
            }
        }

        return policies;
    }

    /// <summary>The one entity that the text consists of, or null.</summary>
    public EntityUid? ParseOnlyEntity()
    {
        try
        {
            var entity = new ExpressionParser(tokens).ReadEntity();
            return tokens.AtEnd ? entity : null;
        }
        catch (SyntaxException)
        {
            return null;
        }
    }

    /// <summary>The one expression that the text consists of.</summary>
    public Expression ParseOnlyExpression()
    {
        var expression = new ExpressionParser(tokens).ReadExpression();
        return tokens.AtEnd ? expression : throw tokens.Unexpected("the end of the text");
    }

    private Policy ReadPolicy()
    {
        var start = tokens.Current.Span;
        var annotations = Annotations.Read(tokens);
        var effect = tokens.TryTake("permit") ? Effect.Permit : tokens.TryTake("forbid") ? Effect.Forbid : throw tokens.Unexpected("`permit` or `forbid`");
        tokens.Expect("(", "`(` before the scope");
        var scopes = new ScopeParser(tokens);
        var principal = scopes.Read(Variable.Principal);
        tokens.Expect(",", "`,` after the principal: a scope is `(principal, action, resource)`");
        var action = scopes.Read(Variable.Action);
        tokens.Expect(",", "`,` after the action: a scope is `(principal, action, resource)`");
        var resource = scopes.Read(Variable.Resource);
        tokens.TryTake(",");
        tokens.Expect(")", "`)` after the resource");
        var conditions = new List<Condition>();
        while (!tokens.Current.Is(";"))
        {
            conditions.Add(ReadCondition());
        }

        var span = Span.Between(start, tokens.Take().Span);
        return new(source, span, effect, annotations, principal, action, resource, conditions);
    }

    private Condition ReadCondition()
    {
        var start = tokens.Current.Span;
        var isWhen = tokens.TryTake("when");
        if (!isWhen && !tokens.TryTake("unless"))
        {
            throw tokens.Unexpected("`when`, `unless` or `;`");
        }

        tokens.Expect("{");
        if (tokens.Current.Is("}"))
        {
            throw tokens.Unexpected("a condition");
        }

        var body = new ExpressionParser(tokens).ReadExpression();
        tokens.Expect("}", "an operator or `}`");
        return new(isWhen, body, Span.Between(start, tokens.Previous.Span));
    }
}
