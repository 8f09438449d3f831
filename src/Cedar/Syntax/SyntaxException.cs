namespace McpInfra.Cedar;

/// <summary>Ends the reading of one policy or declaration; caught where reading goes on with the next.</summary>
internal sealed class SyntaxException(Span span, string message) : Exception(message)
{
    public Span Span { get; } = span;
}
