namespace McpInfra.Cedar;

/// <summary>A place in a source text: first and last line and column, counted from 1; the end is exclusive.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>`file:line:column`.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
