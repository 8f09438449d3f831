using System.Buffers;
using System.Globalization;
using System.Text;

namespace McpInfra.Graph.Hcl;

internal sealed partial class HclParser
{
    // What may end a piece of text or mean another character.
    private static readonly SearchValues<char> Marks = SearchValues.Create("\"\\\r\n$%");

    private readonly StringBuilder _literal = new();

    private enum TemplateForm
    {
        Quoted,
        Heredoc,
        Bare,
    }

    /// <summary>Reads the whole text as a template without quotes or escapes, as in JSON strings and template files.</summary>
    public HclExpression ParseBareTemplate()
    {
        var pieces = ScanTemplate(TemplateForm.Bare, marker: null);
        return TemplatePieces.Assemble(pieces, SpanFrom(0));
    }

    private HclExpression ParseQuoted()
    {
        var start = _at;
        Expect("\"");
        var pieces = ScanTemplate(TemplateForm.Quoted, marker: null);
        Expect("\"");
        return TemplatePieces.Assemble(pieces, SpanFrom(start));
    }

    private HclExpression ParseHeredoc()
    {
        var start = _at;
        Expect("<<");
        var flush = Takes("-");
        var marker = Word("the word that ends the text");
        _at += Current == '\r' ? 1 : 0;
        Expect("\n");
        var pieces = ScanTemplate(TemplateForm.Heredoc, marker);
        if (flush)
        {
            TemplatePieces.Flush(pieces);
        }

        _at = text.IndexOf('\n', _at);
        _at -= text[_at - 1] == '\r' ? 1 : 0;
        return TemplatePieces.Assemble(pieces, SpanFrom(start));
    }

    private List<TemplatePiece> ScanTemplate(TemplateForm form, string? marker)
    {
        var pieces = new List<TemplatePiece>();
        var (trimsNext, outer) = (false, _depth);
        while (!Ends(form, marker))
        {
            Count();
            if (Sees("${") || Sees("%{"))
            {
                var trimsBefore = text.AsSpan(_at).Length > 2 && text[_at + 2] == '~';
                if (trimsBefore && pieces.LastOrDefault() is { Kind: TemplatePieceKind.Text } before)
                {
                    before.Text = before.Text.TrimEnd();
                }

                pieces.Add(ScanSequence(trimsBefore, out trimsNext));
            }
            else
            {
                var start = _at;
                var literal = form == TemplateForm.Quoted ? ScanQuotedText() : ScanLine();
                pieces.Add(new(TemplatePieceKind.Text, SpanFrom(start)) { Text = trimsNext ? literal.TrimStart() : literal });
                trimsNext = false;
            }
        }

        _depth = outer;
        return pieces;
    }

    private bool Ends(TemplateForm form, string? marker) => form switch
    {
        TemplateForm.Quoted when Current == '"' => true,
        TemplateForm.Quoted when AtEnd || Current is '\n' or '\r' => throw Expected("'\"' to end the string on its line"),
        TemplateForm.Heredoc when AtEnd => throw Expected("a line with only the word that ends the text"),
        TemplateForm.Heredoc => text[_at - 1] == '\n' && SeesMarker(marker!),
        _ => AtEnd,
    };

    private bool SeesMarker(string marker)
    {
        var length = text.AsSpan(_at).IndexOf('\n');
        var line = length < 0 ? default : text.AsSpan(_at, length);
        line = line.EndsWith("\r") ? line[..^1] : line;
        return line.Trim().SequenceEqual(marker) && !line.Contains('\r');
    }

    private TemplatePiece ScanSequence(bool trimsBefore, out bool trimsNext)
    {
        var start = _at;
        var directive = Current == '%';
        _at += trimsBefore ? 3 : 2;
        var outer = _newlinesEnd;
        _newlinesEnd = false;
        var piece = directive ? ScanDirective() : new(TemplatePieceKind.Interpolation, default) { Expression = ParseExpression() };
        SkipSpace();
        trimsNext = Takes("~");
        Expect("}");
        _newlinesEnd = outer;
        piece.Span = SpanFrom(start);
        return piece;
    }

    private TemplatePiece ScanDirective()
    {
        SkipSpace();
        var at = _at;
        switch (Word("if, else, endif, for or endfor"))
        {
            case "if":
                Enter();
                return new(TemplatePieceKind.If, default) { Expression = ParseExpression() };
            case "else":
                return new(TemplatePieceKind.Else, default);
            case "endif":
                Leave();
                return new(TemplatePieceKind.EndIf, default);
            case "for":
                Enter();
                var (key, value) = ParseForNames();
                return new(TemplatePieceKind.For, default) { Key = key, Text = value, Expression = ParseExpression() };
            case "endfor":
                Leave();
                return new(TemplatePieceKind.EndFor, default);
            default:
                throw Expected("if, else, endif, for or endfor", at);
        }
    }

    // `$${` and `%%{` stand for themselves without the first character.
    private bool TakesEscapedSequence(StringBuilder literal)
    {
        if (!Sees("$${") && !Sees("%%{"))
        {
            return false;
        }

        literal.Append(text, _at + 1, 2);
        _at += 3;
        return true;
    }

    private string ScanQuotedText()
    {
        var literal = _literal.Clear();
        while (!AtEnd && Current is not ('"' or '\n' or '\r') && !Sees("${") && !Sees("%{"))
        {
            if (Current == '\\')
            {
                ScanEscape(literal);
            }
            else if (!TakesEscapedSequence(literal))
            {
                AppendPlain(literal);
            }
        }

        return literal.ToString();
    }

    // The character here, and those behind it that mean only themselves.
    private void AppendPlain(StringBuilder literal)
    {
        var more = text.AsSpan(_at + 1).IndexOfAny(Marks);
        var length = more < 0 ? text.Length - _at : more + 1;
        literal.Append(text, _at, length);
        _at += length;
    }

    // One piece a line, as the rule for flushed text wants it.
    private string ScanLine()
    {
        var literal = _literal.Clear();
        while (!AtEnd && !Sees("${") && !Sees("%{"))
        {
            if (!TakesEscapedSequence(literal))
            {
                if (Current == '\r' && Next != '\n')
                {
                    throw Expected("a new line after the carriage return");
                }

                if (Current == '\n')
                {
                    literal.Append(text[_at++]);
                    break;
                }

                AppendPlain(literal);
            }
        }

        return literal.ToString();
    }

    private void ScanEscape(StringBuilder literal)
    {
        switch (Next)
        {
            case 'n':
                literal.Append('\n');
                break;
            case 'r':
                literal.Append('\r');
                break;
            case 't':
                literal.Append('\t');
                break;
            case '"' or '\\':
                literal.Append(Next);
                break;
            case 'u' or 'U':
                ScanCodePoint(literal);
                return;
            default:
                throw Expected(@"one of \n \r \t \"" \\ \uNNNN \UNNNNNNNN");
        }

        _at += 2;
    }

    private void ScanCodePoint(StringBuilder literal)
    {
        var length = Next == 'u' ? 4 : 8;
        var digits = _at + 2 + length <= text.Length ? text.AsSpan(_at + 2, length) : default;
        if (!uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || !Rune.TryCreate(value, out var rune))
        {
            throw Expected($"{length} hexadecimal digits of a character");
        }

        literal.Append(rune.ToString());
        _at += 2 + length;
    }
}
