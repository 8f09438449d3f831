using System.Globalization;

namespace McpInfra.Guardrails.Evaluation;

/// <summary>What an evaluation did.</summary>
/// <param name="Texts">Texts looked at.</param>
/// <param name="Skipped">Lines that could not be read.</param>
/// <param name="Flagged">Texts in which something was found at the shipped threshold.</param>
/// <param name="Characters">UTF-16 units looked at.</param>
/// <param name="Microseconds">Time within the detector, over all cores.</param>
public sealed record EvaluationSummary(long Texts, long Skipped, long Flagged, long Characters, double Microseconds)
{
    /// <summary>The lines that the command prints: the shipped threshold first.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"threshold 0.50\n{Texts} texts, {Flagged} flagged, {Skipped} lines skipped, {Microseconds / Math.Max(1, Texts):F1} µs a text, {Characters / Math.Max(1, Microseconds):F1} MB/s a core");
}
