namespace McpInfra.Guardrails.Injection;

/// <summary>Ways in which words look to be turned, cut or hidden so that they are not read at once.</summary>
[Flags]
internal enum Turn : uint
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Last letter first.</summary>
    Reversed = 1,

    /// <summary>Each letter counted from the end of the alphabet.</summary>
    Mirrored = 1 << 1,

    /// <summary>Many letters without a blank.</summary>
    Together = 1 << 2,

    /// <summary>Tags right behind letters.</summary>
    Tagged = 1 << 3,

    /// <summary>More characters that are not seen than any language needs.</summary>
    Unseen = 1 << 4,

    /// <summary>Each letter by one; the bit of each further letter is the next one up.</summary>
    Shifted = 1 << 5,

    /// <summary>Each letter by thirteen.</summary>
    Rotated = Shifted << 12,
}
