namespace McpInfra.Guardrails.Injection;

/// <summary>A piece of a text that reads like orders to an agent. It holds no word of the text.</summary>
/// <param name="Field">Which of the texts that were read together, from 0.</param>
/// <param name="Start">Its first UTF-16 unit in that text.</param>
/// <param name="Length">Its units.</param>
/// <param name="View">How it was read: `text`, or the ways that led to it, outermost first (`base64 > reversed`).</param>
/// <param name="Says">What its words do, in the lexicon's names, in order.</param>
/// <param name="Weight">Its score, from 0 to 1.</param>
public sealed record InjectionSpan(int Field, int Start, int Length, string View, IReadOnlyList<string> Says, double Weight)
{
    /// <summary>For the trail and the operator: `0, text at 12, 40 long: ignore, prior, instruction (0.98)`.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Field}, {View} at {Start}, {Length} long: {string.Join(", ", Says)} ({Weight:0.00})");
}
