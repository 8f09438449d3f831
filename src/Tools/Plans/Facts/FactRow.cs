namespace McpInfra.Tools.Plans.Facts;

/// <summary>A row of a table: one attribute of one type, and the value of it that matters.</summary>
/// <param name="Kind">What it speaks of.</param>
/// <param name="Type">The engine's type.</param>
/// <param name="Path">From the resource to the value: names, `[]` for every item of a list; empty for the resource as a whole.</param>
/// <param name="Loses">True when it matters that the value goes; false when it matters that it comes.</param>
/// <param name="OnDelete">Whether it also goes with the resource.</param>
/// <param name="Test">Which values count.</param>
/// <param name="By">Attributes beside the value that tell one case from another.</param>
internal sealed record FactRow(FactKind Kind, string Type, IReadOnlyList<string> Path, bool Loses, bool OnDelete, FactTest Test, IReadOnlyList<string> By)
{
    /// <summary>Attributes beside the value and what they must be, without regard to letter case; one that is not known is taken to be it.</summary>
    public IReadOnlyList<(string Name, string Value)> Where { get; init; } = [];

    /// <summary>The attribute at the resource's top; null for the resource as a whole.</summary>
    public string? Top => Path.Count == 0 ? null : Path[0];
}
