namespace McpInfra.Cedar;

/// <summary>One thing wrong with a text, and where: lines and columns count from 1, columns in characters.</summary>
public sealed record Fault(string File, int Line, int Column, string Message)
{
    /// <summary>`file:line:column: message`.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
