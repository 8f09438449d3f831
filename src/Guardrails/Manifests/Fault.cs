namespace McpInfra.Guardrails.Manifests;

/// <summary>A fault in a file that an operator wrote.</summary>
/// <param name="File">The file as it was named.</param>
/// <param name="Line">1-based line; 0 when the fault is the file's as a whole.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record Fault(string File, int Line, string Message)
{
    /// <summary>`file:line: message`.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}
