namespace McpInfra.Graph.Hcl;

internal sealed partial class HclParser
{
    /// <summary>Reads the whole text as a body into the lists, which keep what was read when a fault ends it.</summary>
    public void ParseFile(List<HclAttribute> attributes, List<HclBlock> blocks)
    {
        ParseItems(attributes, blocks);
        if (!AtEnd)
        {
            throw Expected("a block or an argument");
        }
    }

    private void ParseItems(List<HclAttribute> attributes, List<HclBlock> blocks)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (Skip(newlines: true); !AtEnd && Current != '}'; Skip(newlines: true))
        {
            Count();
            var start = _at;
            var name = Word("a block or an argument");
            Skip(newlines: false);
            if (Current == '=')
            {
                attributes.Add(ParseAttribute(name, start));
                if (!names.Add(name))
                {
                    throw Expected("each argument once", start);
                }
            }
            else
            {
                blocks.Add(ParseBlock(name, start));
            }

            Skip(newlines: false);
            if (!AtEnd && !SeesNewline)
            {
                throw Expected("a new line");
            }
        }
    }

    private HclAttribute ParseAttribute(string name, int start)
    {
        Expect("=");
        var value = WithNewlines(true, ParseExpression);
        return new(name, value, SpanFrom(start));
    }

    private HclBlock ParseBlock(string type, int start)
    {
        var labels = new List<string>();
        for (; Current != '{'; Skip(newlines: false))
        {
            Count();
            labels.Add(Current == '"' ? ParseLabel() : Word("'=', a label or '{'"));
        }

        Enter();
        Expect("{");
        var body = ParseBlockBody();
        Expect("}");
        Leave();
        return new(type, labels, body, SpanFrom(start));
    }

    private HclBody ParseBlockBody()
    {
        var (attributes, blocks) = (new List<HclAttribute>(), new List<HclBlock>());
        Skip(newlines: false);
        if (SeesNewline)
        {
            ParseItems(attributes, blocks);
        }
        else if (Current != '}')
        {
            ParseOnlyAttribute(attributes);
        }

        return new(attributes, blocks);
    }

    // `{ a = 1 }`: a block of one line holds at most one argument and no block.
    private void ParseOnlyAttribute(List<HclAttribute> attributes)
    {
        Count();
        var start = _at;
        var name = Word("an argument, a new line or '}'");
        Skip(newlines: false);
        attributes.Add(ParseAttribute(name, start));
        Skip(newlines: false);
    }

    private string ParseLabel()
    {
        var start = _at;
        return ParseQuoted() is HclExpression.Text label ? label.Value : throw Expected("a label without template sequences", start);
    }
}
