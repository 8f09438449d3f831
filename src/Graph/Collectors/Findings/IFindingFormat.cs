using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>A format in which scanners write findings to files.</summary>
internal interface IFindingFormat
{
    /// <summary>Kind of source.</summary>
    string Kind { get; }

    /// <summary>The format's name with its version, for faults.</summary>
    string Name { get; }

    /// <summary>Ends of file names, with the dot, that a folder is searched for.</summary>
    IReadOnlyList<string> Endings { get; }

    /// <summary>The findings of a file's JSON values; null when they are of another format. What scanners leave out or write otherwise is passed over.</summary>
    FindingReport? Read(IReadOnlyList<JsonElement> values);
}

/// <summary>What a file of findings holds.</summary>
/// <param name="Findings">Open and suppressed ones; those that passed are left out.</param>
/// <param name="Gap">Why the scanner did not see everything, in our own words; null when it did.</param>
internal sealed record FindingReport(IReadOnlyList<Finding> Findings, string? Gap = null);
