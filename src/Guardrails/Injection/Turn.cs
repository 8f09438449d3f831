namespace McpInfra.Guardrails.Injection;

/// <summary>Ways in which words are turned so that they are not read at once.</summary>
[Flags]
internal enum Turn : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Each letter by thirteen.</summary>
    Rotated = 1,

    /// <summary>Last letter first.</summary>
    Reversed = 2,
}
