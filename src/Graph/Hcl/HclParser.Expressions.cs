using System.Buffers;

namespace McpInfra.Graph.Hcl;

internal sealed partial class HclParser
{
    // From the loosest to the tightest; the longer spelling of two with one beginning comes first.
    private static readonly string[][] Precedence = [["||"], ["&&"], ["==", "!="], [">=", "<=", ">", "<"], ["+", "-"], ["*", "/", "%"]];
    private static readonly SearchValues<char> Operators = SearchValues.Create("|&=!><+-*/%");

    private HclExpression ParseExpression()
    {
        Enter();
        SkipSpace();
        var start = _at;
        var condition = ParseOperation(0);
        var end = _at;
        SkipSpace();
        if (Current == '?')
        {
            _at++;
            var then = ParseExpression();
            SkipSpace();
            Expect(":");
            var otherwise = ParseExpression();
            condition = new HclExpression.Conditional(condition, then, otherwise) { Span = SpanFrom(start) };
            end = _at;
        }

        _at = end;
        Leave();
        return condition;
    }

    private HclExpression ParseOperation(int level)
    {
        if (level == Precedence.Length)
        {
            return ParseTraversal();
        }

        var start = _at;
        var first = ParseOperation(level + 1);
        List<HclExpression>? operands = null;
        List<string>? operators = null;
        for (var end = _at; TakesOperator(level, end) is { } taken; end = _at)
        {
            (operands ??= [first], operators ??= []).Item2.Add(taken);
            SkipSpace();
            operands.Add(ParseOperation(level + 1));
        }

        return operands is null ? first : new HclExpression.Operation(operands, operators!) { Span = SpanFrom(start) };
    }

    // Space before what is no operator is given back, so that an expression ends where its last character stands.
    private string? TakesOperator(int level, int end)
    {
        SkipSpace();
        if (Operators.Contains(Current))
        {
            foreach (var candidate in Precedence[level])
            {
                if (Takes(candidate))
                {
                    return candidate;
                }
            }
        }

        _at = end;
        return null;
    }

    private HclExpression ParseTerm()
    {
        Count();
        var start = _at;
        HclExpression term = Current switch
        {
            '(' => ParseParentheses(),
            '[' => WithNewlines(false, ParseTupleOrFor),
            '{' => ParseObjectOrFor(),
            '"' => ParseQuoted(),
            '<' when Next == '<' => ParseHeredoc(),
            '-' or '!' => ParseUnary(),
            _ when char.IsAsciiDigit(Current) => new HclExpression.Number(WrittenNumber()),
            _ => ParseWord(),
        };
        return term.At(SpanFrom(start));
    }

    private HclExpression.Parentheses ParseParentheses()
    {
        _at++;
        return WithNewlines(false, () =>
        {
            var inner = ParseExpression();
            SkipSpace();
            Expect(")");
            return new HclExpression.Parentheses(inner);
        });
    }

    private HclExpression.Unary ParseUnary()
    {
        var sign = text[_at++].ToString();
        Enter();
        var operand = ParseTraversal();
        Leave();
        return new(sign, operand);
    }

    private HclExpression ParseWord()
    {
        var name = Word("an expression");
        var end = _at;
        for (SkipSpace(); Takes("::"); SkipSpace())
        {
            SkipSpace();
            name = $"{name}::{Word("a function's name")}";
            end = _at;
        }

        if (Current == '(')
        {
            _at++;
            return WithNewlines(false, () => ParseArguments(name));
        }

        _at = end;
        return name switch
        {
            "true" => new HclExpression.Boolean(true),
            "false" => new HclExpression.Boolean(false),
            "null" => new HclExpression.Null(),
            _ when name.Contains("::", StringComparison.Ordinal) => throw Expected("'(' after a function's name"),
            _ => new HclExpression.Variable(name),
        };
    }
}
