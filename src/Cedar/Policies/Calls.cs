namespace McpInfra.Cedar;

/// <summary>Turns a call by name into an expression, or says why there is no such call.</summary>
internal static class Calls
{
    private static readonly Dictionary<string, BinaryOperator> Methods = new()
    {
        ["contains"] = BinaryOperator.Contains,
        ["containsAll"] = BinaryOperator.ContainsAll,
        ["containsAny"] = BinaryOperator.ContainsAny,
        ["hasTag"] = BinaryOperator.HasTag,
        ["getTag"] = BinaryOperator.GetTag,
    };

    public static Expression Method(Expression target, Token name, Expression[] arguments, Span span)
    {
        if (Methods.TryGetValue(name.Text, out var @operator))
        {
            return arguments is [var argument] ? new BinaryExpression(@operator, target, argument, span) : throw Count(name, 1, arguments.Length);
        }

        if (name.Text == "isEmpty")
        {
            return arguments.Length == 0 ? new IsEmptyExpression(target, span) : throw Count(name, 0, arguments.Length);
        }

        return McpInfra.Cedar.Function.Find(name.Text) switch
        {
            { IsMethod: true } function => new CallExpression(function, [target, .. arguments], span),
            { } => throw new SyntaxException(name.Span, $"`{name.Text}` is a function, not a method: expected `{name.Text}(…)`"),
            null => throw new SyntaxException(name.Span, $"there is no method `{name.Text}`: expected one such as contains, containsAny, isEmpty, hasTag, getTag, lessThan, isInRange or offset"),
        };
    }

    public static Expression Function(string name, Span nameSpan, Expression[] arguments, Span span)
    {
        if (Methods.ContainsKey(name) || name == "isEmpty" || McpInfra.Cedar.Function.Find(name) is { IsMethod: true })
        {
            throw new SyntaxException(nameSpan, $"`{name}` is a method, not a function: expected `….{name}(…)`");
        }

        return McpInfra.Cedar.Function.Find(name) is { } function
            ? new CallExpression(function, arguments, span)
            : throw new SyntaxException(nameSpan, $"there is no function `{name}`: expected decimal, ip, datetime or duration");
    }

    private static SyntaxException Count(Token name, int wanted, int given) =>
        new(name.Span, $"`{name.Text}` was given {given} argument(s): expected {wanted}");
}
