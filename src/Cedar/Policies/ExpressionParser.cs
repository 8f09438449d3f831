using System.Runtime.CompilerServices;

namespace McpInfra.Cedar;

/// <summary>
/// Reads expressions: if, then `||`, `&amp;&amp;`, one relation, `+ -`, `*`, `! -`, and members, each binding tighter than the one before.
/// Depth is bounded both while reading and in the tree that results.
/// </summary>
internal sealed class ExpressionParser
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

    private readonly TokenReader tokens;
    private readonly MemberParser members;
    private int depth;

    public ExpressionParser(TokenReader tokens) => (this.tokens, members) = (tokens, new MemberParser(tokens, this));

    public Expression ReadExpression()
    {
        if (++depth > Expression.MaximumDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Expression.TooDeep(tokens.Current.Span);
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

    private Expression ReadIf()
    {
        var start = tokens.Take().Span;
        var test = ReadExpression();
        tokens.Expect("then", "an operator or `then`");
        var then = ReadExpression();
        tokens.Expect("else", "an operator or `else`");
        var otherwise = ReadExpression();
        return new IfExpression(test, then, otherwise, tokens.From(start)).Bounded();
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

        return new OrExpression([.. operands], tokens.From(first.Span)).Bounded();
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

        return new AndExpression([.. operands], tokens.From(first.Span)).Bounded();
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
            return new LikeExpression(left, pattern, tokens.From(left.Span)).Bounded();
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
            var expression = new BinaryExpression(relation, left, ReadSum(), tokens.From(left.Span)).Bounded();
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
            return HasExpression.Path(target, names, tokens.From(target.Span)).Bounded();
        }

        do
        {
            names.Add(tokens.ExpectIdentifier("an attribute's name, or a string").Text);
        }
        while (names.Count <= Expression.MaximumDepth && tokens.TryTake("."));

        return HasExpression.Path(target, names, tokens.From(target.Span)).Bounded();
    }

    private Expression ReadIs(Expression target)
    {
        var (type, _) = tokens.ExpectName("an entity type");
        var test = new IsExpression(target, type, tokens.From(target.Span)).Bounded();
        if (!tokens.TryTake("in"))
        {
            return test;
        }

        var within = ReadSum();
        return new AndExpression([test, new BinaryExpression(BinaryOperator.In, target, within, tokens.From(target.Span))], tokens.From(target.Span)).Bounded();
    }

    private Expression ReadSum()
    {
        var left = ReadProduct();
        while (tokens.Current is { Kind: TokenKind.Symbol, Text: "+" or "-" })
        {
            var @operator = tokens.Take().Is("+") ? BinaryOperator.Add : BinaryOperator.Subtract;
            left = new BinaryExpression(@operator, left, ReadProduct(), tokens.From(left.Span)).Bounded();
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
            left = new BinaryExpression(BinaryOperator.Multiply, left, ReadUnary(), tokens.From(left.Span)).Bounded();
        }

        return left;
    }

    private Expression ReadUnary()
    {
        var start = tokens.Current;
        if (!start.Is("!") && !start.Is("-"))
        {
            return members.Read();
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
            ? (members.ReadNumber(negative: true), repeats - 1)
            : (members.Read(), repeats);
        for (; applied > 0; applied--)
        {
            operand = start.Is("!") ? new NotExpression(operand, tokens.From(start.Span)) : new NegateExpression(operand, tokens.From(start.Span));
        }

        return operand.Bounded();
    }

    private static bool IsMember(Token token) => token is { Kind: TokenKind.Symbol, Text: "." or "(" or "[" };
}
