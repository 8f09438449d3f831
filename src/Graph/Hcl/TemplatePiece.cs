namespace McpInfra.Graph.Hcl;

/// <summary>What a piece of a template is, before directives are matched with their ends.</summary>
internal enum TemplatePieceKind
{
    Text,
    Interpolation,
    If,
    Else,
    EndIf,
    For,
    EndFor,
}

/// <summary>One piece of a template.</summary>
internal sealed class TemplatePiece(TemplatePieceKind kind, HclSpan span)
{
    public TemplatePieceKind Kind { get; } = kind;

    public HclSpan Span { get; set; } = span;

    /// <summary>The text, or the name of a for directive's value.</summary>
    public string Text { get; set; } = "";

    /// <summary>The name of a for directive's key.</summary>
    public string? Key { get; init; }

    /// <summary>What is interpolated, asked or looped over.</summary>
    public HclExpression? Expression { get; init; }
}
