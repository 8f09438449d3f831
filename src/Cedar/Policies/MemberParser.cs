using System.Globalization;

namespace McpInfra.Cedar;

/// <summary>Reads what binds tightest: literals, variables, entities, sets, records, parentheses and calls, with the attributes and methods behind them.</summary>
internal sealed class MemberParser(TokenReader tokens, ExpressionParser expressions)
{
    public Expression Read()
    {
        var start = tokens.Current.Span;
        var expression = ReadPrimary();
        while (true)
        {
            if (tokens.TryTake("."))
            {
                var name = tokens.ExpectIdentifier("an attribute's or method's name");
                expression = tokens.Current.Is("(")
                    ? Calls.Method(expression, name, ReadArguments(), tokens.From(start)).Bounded()
                    : new GetExpression(expression, name.Text, tokens.From(start)).Bounded();
            }
            else if (tokens.TryTake("["))
            {
                var name = tokens.ExpectString("an attribute's name, a string");
                tokens.Expect("]");
                expression = new GetExpression(expression, name, tokens.From(start)).Bounded();
            }
            else if (tokens.Current.Is("("))
            {
                throw new SyntaxException(tokens.Current.Span, "this is not a function: expected an operator");
            }
            else
            {
                return expression;
            }
        }
    }

    /// <summary>A number, with the sign before it: the least has no positive counterpart.</summary>
    public LiteralExpression ReadNumber(bool negative)
    {
        var token = tokens.Take();
        return Int128.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= (Int128)long.MaxValue + (negative ? 1 : 0)
            ? new LiteralExpression(Value.Of((long)(negative ? -number : number)), token.Span)
            : throw new SyntaxException(token.Span, $"the number is too large: expected at most {long.MaxValue}");
    }

    private Expression[] ReadArguments()
    {
        tokens.Expect("(");
        return ReadList(")");
    }

    private Expression[] ReadList(string end)
    {
        var items = new List<Expression>();
        while (!tokens.Current.Is(end))
        {
            items.Add(expressions.ReadExpression());
            if (!tokens.TryTake(","))
            {
                break;
            }
        }

        tokens.Expect(end, $"an operator, `,` or `{end}`");
        return [.. items];
    }

    private Expression ReadPrimary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return ReadNumber(negative: false);
            case TokenKind.String:
                return new LiteralExpression(Value.Of(TokenReader.Unquote(tokens.Take())), token.Span);
            case TokenKind.Slot:
                throw new SyntaxException(token.Span, $"`{token.Text}` cannot stand in a condition: expected it in the scope only");
            case TokenKind.Identifier:
                return ReadWord(token);
        }

        if (tokens.TryTake("("))
        {
            var inner = expressions.ReadExpression();
            tokens.Expect(")", "an operator or `)`");
            return inner;
        }

        if (tokens.TryTake("["))
        {
            var members = ReadList("]");
            return new SetExpression(members, tokens.From(token.Span)).Bounded();
        }

        return tokens.TryTake("{") ? ReadRecord(token.Span) : throw tokens.Unexpected("an expression");
    }

    private Expression ReadWord(Token token)
    {
        if (token.Text is "true" or "false" && !tokens.Ahead(1).Is("::"))
        {
            return new LiteralExpression(Value.Of(tokens.Take().Text == "true"), token.Span);
        }

        var (name, span) = tokens.ExpectName("an expression");
        if (tokens.TryTake("::"))
        {
            var id = tokens.ExpectString("the entity's id, a string");
            return new LiteralExpression(Value.Of(new EntityUid(name, id)), tokens.From(span));
        }

        if (tokens.Current.Is("("))
        {
            return Calls.Function(name, span, ReadArguments(), tokens.From(span)).Bounded();
        }

        return name switch
        {
            "principal" => new VariableExpression(Variable.Principal, span),
            "action" => new VariableExpression(Variable.Action, span),
            "resource" => new VariableExpression(Variable.Resource, span),
            "context" => new VariableExpression(Variable.Context, span),
            _ => throw new SyntaxException(span, $"`{name}` is not a variable: expected principal, action, resource, context or a literal; an entity is `{name}::\"id\"`"),
        };
    }

    private Expression ReadRecord(Span start)
    {
        var attributes = new SortedDictionary<string, Expression>(StringComparer.Ordinal);
        while (!tokens.Current.Is("}"))
        {
            var key = tokens.Current;
            var name = tokens.ExpectNameOrString("an attribute's name, or a string");
            tokens.Expect(":", "`:` after the attribute's name");
            if (!attributes.TryAdd(name, expressions.ReadExpression()))
            {
                throw new SyntaxException(key.Span, $"the attribute `{name}` is given twice: expected each once");
            }

            if (!tokens.TryTake(","))
            {
                break;
            }
        }

        tokens.Expect("}", "an operator, `,` or `}`");
        return new RecordExpression(attributes, tokens.From(start)).Bounded();
    }
}
