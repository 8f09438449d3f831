namespace McpInfra.Graph.Hcl;

/// <summary>The one place where a file stopped being readable.</summary>
/// <param name="File">Path as given.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units (in bytes where the file is not UTF-8).</param>
/// <param name="Message">What was expected, in our own words; never text of the file.</param>
public sealed record HclFault(string File, int Line, int Column, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
