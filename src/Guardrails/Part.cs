namespace McpInfra.Guardrails;

/// <summary>A piece of an answer, labelled with where it came from. Text of different trust never shares a part.</summary>
/// <param name="Trust">Who could have written it.</param>
/// <param name="Text">Markdown for our own words; for others' text, lines shown as they are.</param>
/// <param name="Source">What others' text is, in our own words ("resource names and tags", "file main.tf"); shown in its frame.</param>
public sealed record Part(Trust Trust, string Text, string? Source = null)
{
    /// <summary>The random marker that frames this part, set by spotlighting; null shows the text bare.</summary>
    public string? Marker { get; init; }
}
