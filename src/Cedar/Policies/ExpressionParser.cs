using System.Globalization;
using System.Runtime.CompilerServices;

namespace McpInfra.Cedar;

/// <summary>
/// Reads expressions: if, then `||`, `&amp;&amp;`, one relation, `+ -`, `*`, `! -`, and members, each binding tighter than the one before.
/// Depth is bounded both while reading and in the tree that results.
/// </summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private const int MaximumRepeats = 4;

    private static readonly Dictionary<string, BinaryOperator> Relations = new()
    {
        ["=="] = BinaryOperator.Equal,
        ["!="] = BinaryOperator.NotEqual,
        ["<"] = BinaryOperator.Less,
        ["<="] = BinaryOperator.LessOrEqual,
        [">"] = BinaryOperator.Greater,
        [">="] = BinaryOperator.GreaterOrEqual,
        ["in"] = BinaryOperator.In,
    };

    private int depth;

    public Expression ReadExpression()
    {
        if (++depth > Expression.MaximumDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep(tokens.Current.Span);
        }

        var expression = tokens.Current.Is("if") ? ReadIf() : ReadOr();
        depth--;
        return expression;
    }

    /// <summary>`Type::"id"`.</summary>
    public EntityUid ReadEntity()
    {
        var (type, _) = tokens.ExpectName("an entity such as `Type::\"id\"`");
        tokens.Expect("::", "`::\"id\"`: an entity is `Type::\"id\"`");
        return new(type, tokens.ExpectString("the entity's id, a string"));
    }

    private static SyntaxException TooDeep(Span span) => new(span, $"nested deeper than {Expression.MaximumDepth} levels: expected a flatter expression");

    private static T Bounded<T>(T expression)
        where T : Expression => expression.Depth > Expression.MaximumDepth ? throw TooDeep(expression.Span) : expression;

    private Span From(Span start) => Span.Between(start, tokens.Previous.Span);

    private IfExpression ReadIf()
    {
        var start = tokens.Take().Span;
        var test = ReadExpression();
        tokens.Expect("then", "an operator or `then`");
        var then = ReadExpression();
        tokens.Expect("else", "an operator or `else`");
        var otherwise = ReadExpression();
        return Bounded(new IfExpression(test, then, otherwise, From(start)));
    }

    private Expression ReadOr()
    {
        var first = ReadAnd();
        if (!tokens.Current.Is("||"))
        {
            return first;
        }

        var operands = new List<Expression> { first };
        while (tokens.TryTake("||"))
        {
            operands.Add(ReadAnd());
        }

        return Bounded(new OrExpression([.. operands], From(first.Span)));
    }

    private Expression ReadAnd()
    {
        var first = ReadRelation();
        if (!tokens.Current.Is("&&"))
        {
            return first;
        }

        var operands = new List<Expression> { first };
        while (tokens.TryTake("&&"))
        {
            operands.Add(ReadRelation());
        }

        return Bounded(new AndExpression([.. operands], From(first.Span)));
    }

    private Expression ReadRelation()
    {
        var left = ReadSum();
        var token = tokens.Current;
        if (token.Is("has"))
        {
            tokens.Take();
            return ReadHas(left);
        }

        if (token.Is("like"))
        {
            tokens.Take();
            var pattern = tokens.Current.Kind == TokenKind.String ? TokenReader.UnquotePattern(tokens.Take()) : throw tokens.Unexpected("a pattern, a string with `*` for any text");
            return Bounded(new LikeExpression(left, pattern, From(left.Span)));
        }

        if (token.Is("is"))
        {
            tokens.Take();
            return ReadIs(left);
        }

        if (token.Is("="))
        {
            throw new SyntaxException(token.Span, "`=` is not an operator: expected `==`");
        }

        if (token.Kind is TokenKind.Symbol or TokenKind.Identifier && Relations.TryGetValue(token.Text, out var relation))
        {
            tokens.Take();
            var expression = Bounded(new BinaryExpression(relation, left, ReadSum(), From(left.Span)));
            return tokens.Current.Kind is TokenKind.Symbol or TokenKind.Identifier && Relations.ContainsKey(tokens.Current.Text)
                ? throw new SyntaxException(tokens.Current.Span, "relations do not chain: expected parentheses around one of them")
                : expression;
        }

        return left;
    }

    private Expression ReadHas(Expression target)
    {
        var names = new List<string>();
        if (tokens.Current.Kind == TokenKind.String)
        {
            names.Add(TokenReader.Unquote(tokens.Take()));
            return Bounded(HasExpression.Path(target, names, From(target.Span)));
        }

        do
        {
            names.Add(tokens.ExpectIdentifier("an attribute's name, or a string").Text);
        }
        while (names.Count <= Expression.MaximumDepth && tokens.TryTake("."));

        return Bounded(HasExpression.Path(target, names, From(target.Span)));
    }

    private Expression ReadIs(Expression target)
    {
        var (type, _) = tokens.ExpectName("an entity type");
        var test = Bounded(new IsExpression(target, type, From(target.Span)));
        if (!tokens.TryTake("in"))
        {
            return test;
        }

        var within = ReadSum();
        return Bounded(new AndExpression([test, new BinaryExpression(BinaryOperator.In, target, within, From(target.Span))], From(target.Span)));
    }

    private Expression ReadSum()
    {
        var left = ReadProduct();
        while (tokens.Current is { Kind: TokenKind.Symbol, Text: "+" or "-" })
        {
            var @operator = tokens.Take().Is("+") ? BinaryOperator.Add : BinaryOperator.Subtract;
            left = Bounded(new BinaryExpression(@operator, left, ReadProduct(), From(left.Span)));
        }

        return left;
    }

    private Expression ReadProduct()
    {
        var left = ReadUnary();
        while (tokens.Current is { Kind: TokenKind.Symbol, Text: "*" or "/" or "%" } token)
        {
            if (!token.Is("*"))
            {
                throw new SyntaxException(token.Span, $"`{token.Text}` is not supported: expected `+`, `-` or `*`");
            }

            tokens.Take();
            left = Bounded(new BinaryExpression(BinaryOperator.Multiply, left, ReadUnary(), From(left.Span)));
        }

        return left;
    }

    private Expression ReadUnary()
    {
        var start = tokens.Current;
        if (!start.Is("!") && !start.Is("-"))
        {
            return ReadMember();
        }

        var repeats = 0;
        while (tokens.TryTake(start.Text))
        {
            if (++repeats > MaximumRepeats)
            {
                throw new SyntaxException(start.Span, $"`{start.Text}` stands more than {MaximumRepeats} times in a row: expected fewer");
            }
        }

        var (operand, applied) = start.Is("-") && tokens.Current.Kind == TokenKind.Number && !IsMember(tokens.Ahead(1))
            ? (ReadNumber(negative: true), repeats - 1)
            : (ReadMember(), repeats);
        for (; applied > 0; applied--)
        {
            operand = start.Is("!") ? new NotExpression(operand, From(start.Span)) : new NegateExpression(operand, From(start.Span));
        }

        return Bounded(operand);
    }

    private static bool IsMember(Token token) => token is { Kind: TokenKind.Symbol, Text: "." or "(" or "[" };

    private LiteralExpression ReadNumber(bool negative)
    {
        var token = tokens.Take();
        return Int128.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= (Int128)long.MaxValue + (negative ? 1 : 0)
            ? new LiteralExpression(Value.Of((long)(negative ? -number : number)), token.Span)
            : throw new SyntaxException(token.Span, $"the number is too large: expected at most {long.MaxValue}");
    }

    private Expression ReadMember()
    {
        var start = tokens.Current.Span;
        var expression = ReadPrimary();
        while (true)
        {
            if (tokens.TryTake("."))
            {
                var name = tokens.ExpectIdentifier("an attribute's or method's name");
                expression = tokens.Current.Is("(")
                    ? Bounded(Calls.Method(expression, name, ReadArguments(), From(start)))
                    : Bounded(new GetExpression(expression, name.Text, From(start)));
            }
            else if (tokens.TryTake("["))
            {
                var name = tokens.ExpectString("an attribute's name, a string");
                tokens.Expect("]");
                expression = Bounded(new GetExpression(expression, name, From(start)));
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
            items.Add(ReadExpression());
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
            var inner = ReadExpression();
            tokens.Expect(")", "an operator or `)`");
            return inner;
        }

        if (tokens.TryTake("["))
        {
            var members = ReadList("]");
            return Bounded(new SetExpression(members, From(token.Span)));
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
            return new LiteralExpression(Value.Of(new EntityUid(name, id)), From(span));
        }

        if (tokens.Current.Is("("))
        {
            return Bounded(Calls.Function(name, span, ReadArguments(), From(span)));
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

    private RecordExpression ReadRecord(Span start)
    {
        var attributes = new SortedDictionary<string, Expression>(StringComparer.Ordinal);
        while (!tokens.Current.Is("}"))
        {
            var key = tokens.Current;
            var name = key.Kind == TokenKind.String ? TokenReader.Unquote(tokens.Take()) : tokens.ExpectIdentifier("an attribute's name, or a string").Text;
            tokens.Expect(":", "`:` after the attribute's name");
            if (!attributes.TryAdd(name, ReadExpression()))
            {
                throw new SyntaxException(key.Span, $"the attribute `{name}` is given twice: expected each once");
            }

            if (!tokens.TryTake(","))
            {
                break;
            }
        }

        tokens.Expect("}", "an operator, `,` or `}`");
        return Bounded(new RecordExpression(attributes, From(start)));
    }
}
