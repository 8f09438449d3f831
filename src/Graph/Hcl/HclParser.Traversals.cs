namespace McpInfra.Graph.Hcl;

internal sealed partial class HclParser
{
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
