using System.Text;

namespace McpInfra.Graph.Tests.Hcl;

/// <summary>Writes files in the manner of people, and stranger: every construct of the language, nested and commented at random.</summary>
internal sealed class HclWriter(Random random)
{
    private static readonly string[] Names = ["aws_vpc", "main", "var", "local", "each", "name-2", "_x", "über", "count", "tags", "for_each", "If", "endfor", "null_resource"];

    private static readonly string[] Texts = ["plain", "a b", "", "$", "%", "$5", "100%", "$${x}", "%%{y}", "\\n", "\\\"", "\\\\", "\\t", "\\u00e9", "# no comment", "// /* */", "~", "}", "{", "日本", "$$$${x}", "%%%", "'"];

    private readonly StringBuilder _text = new();
    private int _left;

    public string File()
    {
        _text.Clear();
        _left = 120;
        Items(0);
        var text = _text.ToString();
        return random.Next(4) == 0 ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;
    }

    private T One<T>(params T[] choices) => choices[random.Next(choices.Length)];

    private void Write(string text) => _text.Append(text);

    private void Items(int depth)
    {
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            Write(One("", "", "", "\n", "# comment ${ \" {\n", "// comment\n", "/* over\n two \" lines */\n", "  "));
            if (depth < 4 && random.Next(3) == 0)
            {
                Block(depth);
            }
            else
            {
                Write($"{One(Names)}{random.Next(1_000_000)}{Gap()}={Gap()}");
                if (random.Next(8) == 0)
                {
                    Heredoc(depth);
                    Write("\n");
                    continue;
                }

                Value(0, newlines: true);
                Write(One("\n", "\n", " # end\n", " // end\n", " /* end */\n"));
            }
        }
    }

    private void Block(int depth)
    {
        // Blocks of one type have as many labels, as people write them.
        var labels = random.Next(3);
        Write(labels switch { 0 => One("locals", "terraform"), 1 => One("module", "b"), _ => One("resource", "data") });
        for (; labels > 0; labels--)
        {
            Write(" " + One("\"quoted\"", "bare", "\"with space\"", "\"esc\\\"aped\"", "\"\\u0041\"", "x-y"));
        }

        switch (random.Next(4))
        {
            case 0:
                Write(One(" {}\n", " { }\n", "{}\n"));
                break;
            case 1:
                Write(" { a = ");
                Value(3, newlines: true);
                Write(" }\n");
                break;
            default:
                Write(One(" {\n", " { # open\n", "{\n"));
                Items(depth + 1);
                Write("}\n");
                break;
        }
    }

    private string Gap() => One("", " ", " ", "  ", "\t", " /* gap */ ");

    // Space where newlines do not count.
    private void Room(bool newlines) => Write(newlines ? Gap() : One("", " ", "\n", " # room\n", "\n\n  "));

    private void Value(int depth, bool newlines)
    {
        if (depth > 4 || --_left < 0)
        {
            Write(One("1", "true", "null", "x", "\"t\"", "1.5", "0"));
            return;
        }

        switch (random.Next(20))
        {
            case 0 or 1:
                Write(One("1", "0.5", "12e3", "1E-2", "-7", "true", "false", "null"));
                break;
            case 2 or 3 or 4:
                Quoted(depth);
                break;
            case 5 when !newlines:
                Heredoc(depth);
                Write("\n");
                break;
            case 6 or 7:
                Tuple(depth);
                break;
            case 8 or 9:
                Map(depth);
                break;
            case 10:
                For(depth);
                break;
            case 11:
                Value(depth + 2, newlines);
                Write(" ? ");
                Value(depth + 1, newlines);
                Write(" : ");
                Value(depth + 1, newlines);
                break;
            case 12 or 13:
                Value(depth + 2, newlines);
                Write(Gap() + One("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||") + " ");
                Value(depth + 2, newlines);
                break;
            case 14:
                Write(One("!", "-"));
                Traversal(depth);
                break;
            case 15 or 16:
                Call(depth);
                break;
            case 17:
                Write("(");
                Room(newlines: false);
                Value(depth + 1, newlines: false);
                Room(newlines: false);
                Write(")");
                break;
            default:
                Traversal(depth);
                break;
        }
    }

    private void Quoted(int depth)
    {
        Write("\"");
        for (var parts = random.Next(4); parts > 0; parts--)
        {
            Apart();
            Write(One(Texts));
            if (random.Next(3) == 0)
            {
                Apart();
                Sequence(depth);
            }
        }

        Write("\"");
    }

    // What would change the meaning of a brace after it stays apart from one.
    private void Apart() => Write(_text[^1] is '$' or '%' ? " " : "");

    private void Sequence(int depth)
    {
        switch (random.Next(4))
        {
            case 0:
                Write("%{ if ");
                Traversal(depth + 1);
                Write(One(" }", "}") + One("then", "t ") + One("", "%{ else }other") + "%{ endif }");
                break;
            case 1:
                Write($"%{{ for {One("", "k, ")}v in ");
                Traversal(depth + 1);
                Write(" }item%{ endfor }");
                break;
            default:
                Write("${" + One("", " ", "\n"));
                Traversal(depth + 1);
                Write(One("", " ") + "}");
                break;
        }
    }

    private void Heredoc(int depth)
    {
        var (flush, marker) = (One("", "-"), One("EOT", "END_1", "x-y"));
        Write($"<<{flush}{marker}\n");
        for (var lines = random.Next(4); lines > 0; lines--)
        {
            Write(One("", "  ", "    ", "\t"));
            Write(One("text", "EOTX", "", "\\n \\\" \"quoted\"", "$${esc}", "# text", "100%", "a EOT", "<<EOT"));
            if (random.Next(3) == 0)
            {
                Apart();
                Write("${");
                Traversal(depth + 1);
                Write("}" + One("", marker, " after"));
            }

            Write("\n");
        }

        Write(One("", "  ", "\t") + marker + One("", " "));
    }

    private void Tuple(int depth)
    {
        Write("[");
        for (var items = random.Next(4); items > 0; items--)
        {
            Room(newlines: false);
            Value(depth + 1, newlines: false);
            Room(newlines: false);
            Write(items > 1 ? "," : One("", ","));
        }

        Room(newlines: false);
        Write("]");
    }

    private void Map(int depth)
    {
        Write("{" + One("", "\n", " "));
        for (var items = random.Next(4); items > 0; items--)
        {
            Write(One("a", "b-c", "\"quoted\"", "\"with ${x}\"", "(var.k)", "1", "true") + Gap() + One("=", ":") + " ");
            Value(depth + 1, newlines: true);
            Write(items > 1 ? One(",", "\n", ",\n", " # item\n") : One("", ",", "\n"));
        }

        Write("}");
    }

    private void For(int depth)
    {
        var isMap = random.Next(2) == 0;
        Write(isMap ? "{" : "[");
        Room(newlines: false);
        Write($"for {One("", "k, ")}v in ");
        Value(depth + 2, newlines: false);
        Write(" :");
        Room(newlines: false);
        if (isMap)
        {
            Traversal(depth + 1);
            Write(" => ");
        }

        Value(depth + 2, newlines: false);
        Write(isMap ? One("", "...") : "");
        if (random.Next(2) == 0)
        {
            Write(" if ");
            Traversal(depth + 1);
        }

        Room(newlines: false);
        Write(isMap ? "}" : "]");
    }

    private void Call(int depth)
    {
        Write(One("length", "core::file", "provider::aws::arn_parse", "f", "merge") + One("", " ") + "(");
        for (var arguments = random.Next(3); arguments > 0; arguments--)
        {
            Room(newlines: false);
            Value(depth + 1, newlines: false);
            Write(arguments > 1 ? "," : One("", "", ",", "..."));
        }

        Room(newlines: false);
        Write(")");
    }

    private void Traversal(int depth)
    {
        Write(One(Names));
        var splat = false;
        for (var steps = random.Next(4); steps > 0; steps--)
        {
            switch (random.Next(8))
            {
                case 0:
                    Write("[" + random.Next(3) + "]");
                    break;
                case 1:
                    Write("[\"key\"]");
                    break;
                case 2 when depth < 3:
                    Write("[");
                    Value(depth + 2, newlines: false);
                    Write("]");
                    break;
                case 3:
                    Write("[*]");
                    break;
                case 4 when !splat:
                    Write(".*");
                    splat = true;
                    break;
                default:
                    Write("." + One(Names));
                    break;
            }
        }
    }
}
