namespace McpInfra.Guardrails.Redaction;

/// <summary>The lower-case words of a snake, kebab, dotted or camel case name, in buffers of the caller.</summary>
/// <param name="letters">As long as the name.</param>
/// <param name="ends">A place for each letter, twice.</param>
internal ref struct NameWords(Span<char> letters, Span<byte> ends)
{
    private readonly Span<char> letters = letters;
    private readonly Span<byte> ends = ends;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>A word; one that is not there is empty.</summary>
    public readonly ReadOnlySpan<char> this[Index number]
    {
        get
        {
            var at = number.IsFromEnd ? Count - number.Value : number.Value;
            return at < 0 || at >= Count ? default : letters[ends[2 * at]..ends[(2 * at) + 1]];
        }
    }

    /// <summary>Reads a name of fewer than 256 letters.</summary>
    public void Read(ReadOnlySpan<char> name)
    {
        name.ToLowerInvariant(letters);
        var start = 0;
        for (var at = 0; at <= name.Length; at++)
        {
            var over = at == name.Length || !char.IsLetterOrDigit(name[at]);
            var turns = !over && at > start && char.IsUpper(name[at]) && (char.IsLower(name[at - 1]) || (at + 1 < name.Length && char.IsLower(name[at + 1]) && char.IsUpper(name[at - 1])));
            if ((over || turns) && at > start)
            {
                (ends[2 * Count], ends[(2 * Count) + 1]) = ((byte)start, (byte)at);
                Count++;
            }

            start = over ? at + 1 : turns ? at : start;
        }
    }

    /// <summary>Forgets the last word.</summary>
    public void Drop() => Count--;
}
