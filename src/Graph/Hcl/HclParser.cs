using System.Buffers;
using System.Globalization;
using System.Text;

namespace McpInfra.Graph.Hcl;

/// <summary>Reads one text by recursive descent: here its position, space and words; blocks, expressions and templates in the other parts.</summary>
/// <param name="text">The text.</param>
/// <param name="onlyLine">The line on which all of it stands, for the text of a JSON string; 0 for its own lines.</param>
internal sealed partial class HclParser(string text, int onlyLine = 0)
{
    private const char None = '\0';

    private static readonly SearchValues<char> OfWords = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private int _at;
    private int _depth;
    private int _nodes;
    private bool _newlinesEnd;
    private (int From, int To, bool Newlines) _skipped = (-1, -1, false);

    /// <summary>Lines of the text.</summary>
    public HclLines Lines { get; } = new(text.AsSpan());

    private char Current => _at < text.Length ? text[_at] : None;

    private char Next => _at + 1 < text.Length ? text[_at + 1] : None;

    private bool AtEnd => _at >= text.Length;

    private HclSpan SpanFrom(int start) => onlyLine > 0
        ? new(onlyLine, onlyLine, start, _at)
        : new(Lines.Line(start), Lines.Line(Math.Max(start, _at - 1)), start, _at);

    private HclSyntaxException Expected(string what, int? at = null) => new(at ?? _at, $"expected {what}");

    private bool Sees(string word) => text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal);

    private bool Takes(string word)
    {
        if (!Sees(word))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    private void Expect(string word)
    {
        if (!Takes(word))
        {
            throw Expected($"'{word}'");
        }
    }

    private void Enter()
    {
        if (++_depth > HclLimits.Depth)
        {
            throw Expected($"at most {HclLimits.Depth} levels of nesting");
        }
    }

    private void Leave() => _depth--;

    private void Count()
    {
        if (++_nodes > HclLimits.Nodes)
        {
            throw Expected($"at most {HclLimits.Nodes} expressions in one file");
        }
    }

    /// <summary>Runs a part of the grammar with its own rule for newlines.</summary>
    private T WithNewlines<T>(bool end, Func<T> read)
    {
        var outer = _newlinesEnd;
        _newlinesEnd = end;
        var result = read();
        _newlinesEnd = outer;
        return result;
    }

    private bool SeesNewline => Current == '\n' || (Current == '\r' && Next == '\n');

    private void SkipSpace() => Skip(newlines: !_newlinesEnd);

    // Several levels of the grammar look behind the same space: it is read once for all of them.
    private void Skip(bool newlines)
    {
        if (_skipped.From != _at || _skipped.Newlines != newlines)
        {
            var from = _at;
            SkipUnread(newlines);
            _skipped = (from, _at, newlines);
        }

        _at = _skipped.To;
    }

    private void SkipUnread(bool newlines)
    {
        while (!AtEnd)
        {
            if (Current is ' ' or '\t' || (newlines && SeesNewline))
            {
                _at++;
                _at += newlines && text[_at - 1] == '\r' ? 1 : 0;
            }
            else if (Current == '#' || (Current == '/' && Next == '/'))
            {
                var end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }
            else if (Current == '/' && Next == '*')
            {
                var end = text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                _at = end < 0 ? throw Expected("'*/' to end the comment") : end + 2;
            }
            else
            {
                return;
            }
        }
    }

    private bool SeesWord => IsStart(RuneHere);

    private Rune RuneHere => !AtEnd && Rune.TryGetRuneAt(text, _at, out var rune) ? rune : default;

    private string Word(string what)
    {
        if (!SeesWord)
        {
            throw Expected(what);
        }

        var start = _at;
        do
        {
            var others = text.AsSpan(_at).IndexOfAnyExcept(OfWords);
            _at += others > 0 ? others : others < 0 ? text.Length - _at : RuneHere.Utf16SequenceLength;
        }
        while (!AtEnd && IsPart(RuneHere));

        return text[start.._at];
    }

    private bool TakesWord(string word)
    {
        var start = _at;
        if (SeesWord && Word("a word") == word)
        {
            return true;
        }

        _at = start;
        return false;
    }

    // Unicode's identifier start and continuation (UAX 31), their exceptions, the underscore and the dash.
    private static bool IsStart(Rune rune) => rune.Value is '_' or 0x1885 or 0x1886 or 0x2118 or 0x212E or 0x309B or 0x309C
        || Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.LetterNumber;

    private static bool IsPart(Rune rune) => rune.Value is '-' or 0xB7 or 0x387 or (>= 0x1369 and <= 0x1371) or 0x19DA || IsStart(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;
}
