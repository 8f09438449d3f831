using System.Text;

namespace McpInfra.Graph.Hcl;

/// <summary>Makes expressions of a template's pieces.</summary>
internal static class TemplatePieces
{
    /// <summary>A text when there is nothing but text, else a template with its directives matched.</summary>
    public static HclExpression Assemble(List<TemplatePiece> pieces, HclSpan span)
    {
        if (pieces is [] or [{ Kind: TemplatePieceKind.Text }])
        {
            return new HclExpression.Text(pieces is [var only] ? only.Text : "") { Span = span };
        }

        var open = new Stack<Frame>([new(null)]);
        foreach (var piece in pieces)
        {
            switch (piece.Kind)
            {
                case TemplatePieceKind.Text:
                    open.Peek().Text(piece);
                    break;
                case TemplatePieceKind.Interpolation:
                    open.Peek().Add(new HclExpression.Interpolation(piece.Expression!) { Span = piece.Span });
                    break;
                case TemplatePieceKind.If or TemplatePieceKind.For:
                    open.Push(new(piece));
                    break;
                case TemplatePieceKind.Else when open.Peek() is { Opener.Kind: TemplatePieceKind.If, HasElse: false } frame:
                    frame.BeginElse();
                    break;
                case TemplatePieceKind.EndIf when open.Peek().Opener?.Kind == TemplatePieceKind.If:
                case TemplatePieceKind.EndFor when open.Peek().Opener?.Kind == TemplatePieceKind.For:
                    var closed = open.Pop().Close(piece);
                    open.Peek().Add(closed);
                    break;
                default:
                    throw new HclSyntaxException(piece.Span.Start, "expected a directive that matches the one before");
            }
        }

        var root = open.Pop();
        return open.Count > 0 ? throw new HclSyntaxException(root.Opener!.Span.Start, "expected an end for this directive") : root.Whole(span);
    }

    /// <summary>Takes from every line the indentation that all lines with text share.</summary>
    public static void Flush(List<TemplatePiece> pieces)
    {
        var (shared, atStart) = (int.MaxValue, true);
        var starts = new List<TemplatePiece>();
        foreach (var piece in pieces)
        {
            var isText = piece.Kind == TemplatePieceKind.Text;
            if (atStart && !(isText && piece.Text.EndsWith('\n') && string.IsNullOrWhiteSpace(piece.Text)))
            {
                shared = Math.Min(shared, isText ? piece.Text.Length - piece.Text.TrimStart().Length : 0);
                starts.Add(piece);
            }

            atStart = isText && piece.Text.EndsWith('\n');
        }

        foreach (var piece in starts)
        {
            piece.Text = piece.Kind == TemplatePieceKind.Text ? piece.Text[shared..] : piece.Text;
        }
    }

    private sealed class Frame(TemplatePiece? opener)
    {
        private readonly List<HclExpression> _then = [];
        private readonly StringBuilder _text = new();
        private List<HclExpression>? _else;
        private HclSpan _textSpan;

        public TemplatePiece? Opener { get; } = opener;

        public bool HasElse => _else is not null;

        private List<HclExpression> Current => _else ?? _then;

        public void Text(TemplatePiece piece)
        {
            _textSpan = _text.Length == 0 ? piece.Span : _textSpan with { End = piece.Span.End, EndLine = piece.Span.EndLine };
            _text.Append(piece.Text);
        }

        public void Add(HclExpression part)
        {
            EndText();
            Current.Add(part);
        }

        public void BeginElse()
        {
            EndText();
            _else = [];
        }

        public HclExpression Close(TemplatePiece end)
        {
            EndText();
            var span = Opener!.Span with { End = end.Span.End, EndLine = end.Span.EndLine };
            return Opener.Kind == TemplatePieceKind.If
                ? new HclExpression.IfDirective(Opener.Expression!, _then, _else ?? []) { Span = span }
                : new HclExpression.ForDirective(Opener.Key, Opener.Text, Opener.Expression!, _then) { Span = span };
        }

        public HclExpression Whole(HclSpan span)
        {
            if (_then.Count == 0)
            {
                return new HclExpression.Text(_text.ToString()) { Span = span };
            }

            EndText();
            return new HclExpression.Template(_then) { Span = span };
        }

        private void EndText()
        {
            if (_text.Length > 0)
            {
                Current.Add(new HclExpression.Text(_text.ToString()) { Span = _textSpan });
                _text.Clear();
            }
        }
    }
}
