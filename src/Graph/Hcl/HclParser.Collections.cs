namespace McpInfra.Graph.Hcl;

internal sealed partial class HclParser
{
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
}
