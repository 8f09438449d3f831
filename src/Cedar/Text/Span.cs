namespace McpInfra.Cedar;

/// <summary>A stretch of a source text, in UTF-16 units. A negative start means that there is no text.</summary>
internal readonly record struct Span(int Start, int Length)
{
    public static Span None { get; } = new(-1, 0);

    public int End => Start + Length;

    public static Span Between(Span first, Span last) => first.Start < 0 ? last : new(first.Start, Math.Max(0, last.End - first.Start));
}
