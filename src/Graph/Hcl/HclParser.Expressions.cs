namespace McpInfra.Graph.Hcl;

internal sealed partial class HclParser
{
    // From the loosest to the tightest; the longer spelling of two with one beginning comes first.
    private static readonly string[][] Precedence = [["||"], ["&&"], ["==", "!="], [">=", "<=", ">", "<"], ["+", "-"], ["*", "/", "%"]];

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
        foreach (var candidate in Precedence[level])
        {
            if (Takes(candidate))
            {
                return candidate;
            }
        }

        _at = end;
        return null;
    }

    private HclExpression ParseTraversal()
    {
        SkipSpace();
        var start = _at;
        var root = ParseTerm();
        List<HclStep>? steps = null;
        var inSplat = false;
        for (var end = _at; ParseStep(end) is { } step; end = _at)
        {
            // `.*` reaches over the attributes after it, and the language has none within another.
            var isSplat = step is { Attribute: null, Index: null, Full: false };
            inSplat = isSplat && inSplat ? throw Expected("no '.*' among the attributes of another", end) : isSplat || (inSplat && step.Attribute is not null);
            (steps ??= []).Add(step);
        }

        return steps is null ? root : new HclExpression.Traversal(root, steps) { Span = SpanFrom(start) };
    }

    private HclStep? ParseStep(int end)
    {
        SkipSpace();
        if (Current == '.' && Next != '.')
        {
            Count();
            _at++;
            SkipSpace();
            return Takes("*") ? new(null, null) : char.IsAsciiDigit(Current) ? new(OldIndex(), null) : new HclStep(Word("a name, a number or '*'"), null);
        }

        if (Current == '[')
        {
            Count();
            _at++;
            return WithNewlines(false, ParseIndex);
        }

        _at = end;
        return null;
    }

    private HclStep ParseIndex()
    {
        SkipSpace();
        if (Takes("*"))
        {
            SkipSpace();
            Expect("]");
            return new(null, null, Full: true);
        }

        var index = ParseExpression();
        SkipSpace();
        Expect("]");
        return new(null, index);
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
        return term with { Span = SpanFrom(start) };
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

    private HclExpression.Call ParseArguments(string name)
    {
        var arguments = new List<HclExpression>();
        var expands = false;
        for (SkipSpace(); Current != ')' && !expands; SkipSpace())
        {
            arguments.Add(ParseExpression());
            SkipSpace();
            expands = Takes("...");
            SkipSpace();
            if (Current != ')' && (expands || !Takes(",")))
            {
                throw Expected(expands ? "')'" : "',' or ')'");
            }
        }

        Expect(")");
        return new(name, arguments, expands);
    }

    private HclExpression ParseTupleOrFor()
    {
        Expect("[");
        SkipSpace();
        if (TakesWord("for"))
        {
            return ParseFor(isObject: false);
        }

        var items = new List<HclExpression>();
        for (; Current != ']'; SkipSpace())
        {
            items.Add(ParseExpression());
            SkipSpace();
            if (!Takes(",") && Current != ']')
            {
                throw Expected("',' or ']'");
            }
        }

        Expect("]");
        return new HclExpression.Tuple(items);
    }

    private HclExpression ParseObjectOrFor()
    {
        var start = _at;
        Expect("{");
        Skip(newlines: true);
        if (TakesWord("for"))
        {
            return WithNewlines(false, () => ParseFor(isObject: true));
        }

        _at = start + 1;
        return WithNewlines(true, ParseObject);
    }

    private HclExpression.Map ParseObject()
    {
        var items = new List<HclItem>();
        for (Skip(newlines: true); Current != '}'; Skip(newlines: true))
        {
            var key = KeyOf(ParseExpression());
            SkipSpace();
            if (!Takes("=") && !Takes(":"))
            {
                throw Expected("'=' or ':'");
            }

            items.Add(new(key, ParseExpression()));
            SkipSpace();
            if (!Takes(",") && Current != '}' && !SeesNewline)
            {
                throw Expected("',', a new line or '}'");
            }
        }

        Expect("}");
        return new(items);
    }

    private static HclExpression KeyOf(HclExpression written) => written switch
    {
        HclExpression.Variable word => new HclExpression.Text(word.Name) { Span = word.Span },
        HclExpression.Boolean word => new HclExpression.Text(word.Value ? "true" : "false") { Span = word.Span },
        HclExpression.Null word => new HclExpression.Text("null") { Span = word.Span },
        _ => written,
    };

    private HclExpression.For ParseFor(bool isObject)
    {
        var (key, value) = ParseForNames();
        var collection = ParseExpression();
        SkipSpace();
        Expect(":");
        var keyResult = isObject ? ParseExpression() : null;
        if (isObject)
        {
            SkipSpace();
            Expect("=>");
        }

        var result = ParseExpression();
        SkipSpace();
        var groups = isObject && Takes("...");
        SkipSpace();
        var condition = TakesWord("if") ? ParseExpression() : null;
        SkipSpace();
        Expect(isObject ? "}" : "]");
        return new(key, value, collection, keyResult, result, groups, condition);
    }

    private (string? Key, string Value) ParseForNames()
    {
        SkipSpace();
        var first = Word("a variable's name");
        SkipSpace();
        string? second = null;
        if (Takes(","))
        {
            SkipSpace();
            second = Word("a variable's name");
            SkipSpace();
        }

        return TakesWord("in") ? (second is null ? null : first, second ?? first) : throw Expected("'in'");
    }

    // `a.0`; the language reads `a.0.1` as the number 0.1 after a dot, and refuses it.
    private string OldIndex()
    {
        var start = _at;
        return WrittenNumber() is var number && number.Contains('.', StringComparison.Ordinal) ? throw Expected("the second index in brackets", start) : number;
    }

    private string Digits()
    {
        var start = _at;
        while (char.IsAsciiDigit(Current))
        {
            _at++;
        }

        return text[start.._at];
    }

    private string WrittenNumber()
    {
        var start = _at;
        Digits();
        if (Current == '.' && char.IsAsciiDigit(Next))
        {
            _at++;
            Digits();
        }

        var exponent = Current is 'e' or 'E' ? Next is '+' or '-' ? 2 : 1 : 0;
        if (exponent > 0 && _at + exponent < text.Length && char.IsAsciiDigit(text[_at + exponent]))
        {
            _at += exponent;
            Digits();
        }

        return text[start.._at];
    }
}
