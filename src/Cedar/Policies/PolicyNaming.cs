namespace McpInfra.Cedar;

/// <summary>How the policies of a text get their ids.</summary>
public enum PolicyNaming
{
    /// <summary>`policy0`, `policy1`, … in the order of all texts, as the language's own tools do.</summary>
    Ordinal,

    /// <summary>The value of `@id("…")`; a policy without one as by <see cref="Ordinal"/>.</summary>
    Annotation,
}
