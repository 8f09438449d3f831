namespace McpInfra.Guardrails;

/// <summary>Cleans a text; what is clean stays the same instance.</summary>
internal interface ITextCleaner
{
    /// <summary>The text of a part, cleaned.</summary>
    string Text(string text, Trust trust);

    /// <summary>The source of a part, cleaned.</summary>
    string Source(string source);
}
