using System.Collections.Concurrent;
using McpInfra.Guardrails.Injection.Reactions;

namespace McpInfra.Guardrails.Injection;

/// <summary>
/// Scores how much a text reads like orders to an agent, from 0 to 1: the worst window of it or of what is encoded in it. Linear in the text, safe for concurrent use.
/// A miss must be harmless by other means; see docs/threat-model.md.
/// </summary>
public sealed class InjectionFilter
{
    /// <summary>The shipped threshold: a text is flagged when its score is at least this.</summary>
    public const double Threshold = 0.5;

    private static readonly Lazy<InjectionFilter> FromProgram = new(() => new InjectionFilter(Model.Shipped));
    private readonly Model model;
    private readonly ConcurrentBag<Reading> idle = [];

    internal InjectionFilter(Model model) => this.model = model;

    /// <summary>The filter that the program ships.</summary>
    /// <exception cref="InvalidDataException">The model in the program is not whole.</exception>
    public static InjectionFilter Shipped => FromProgram.Value;

    /// <summary>Another classifier that is asked of what this one does not surely flag; it can raise a score, never lower one. Null for none.</summary>
    public ISecondOpinion? Second { get; private init; }

    /// <summary>The clock by which a second opinion is held to its time.</summary>
    internal TimeProvider Time { get; private init; } = TimeProvider.System;

    /// <summary>The same filter with another classifier behind it.</summary>
    public InjectionFilter Before(ISecondOpinion second, TimeProvider time) => new(model) { Second = second, Time = time };

    /// <summary>The score of a text.</summary>
    public double Score(string text) => Score(text, TimeSpan.MaxValue);

    /// <summary>The score of a text, with a second opinion that takes at most so long; the longest that it may by itself unless said.</summary>
    internal double Score(string text, TimeSpan most)
    {
        var own = Own(text);
        return Second is null || own >= DetectionPolicy.High ? own : Math.Max(own, Second.Score(text, most));
    }

    private double Own(string text)
    {
        var reading = idle.TryTake(out var rested) ? rested : new Reading(model);
        var worst = reading.Worst(text);
        idle.Add(reading);
        return 1 / (1 + Math.Exp(-worst));
    }

    /// <summary>Where texts that are read together, as the fields of one answer are, give orders: none when they are not flagged.</summary>
    public IReadOnlyList<InjectionSpan> Explain(params IReadOnlyList<string> texts) => Explain(' ', texts);

    /// <summary>The same of texts that are read with some character between them.</summary>
    internal IReadOnlyList<InjectionSpan> Explain(char between, IReadOnlyList<string> texts)
    {
        var reading = idle.TryTake(out var rested) ? rested : new Reading(model);
        var found = reading.Explain(string.Join(between, texts), Threshold);
        idle.Add(reading);
        return found.Count > 0 || Second is null ? [.. found.SelectMany(span => Fields(texts, span))] : Whole(between, texts);
    }

    /// <summary>Whether a text is flagged.</summary>
    public bool Flags(string text) => Score(text) >= Threshold;

    // Another classifier says only whether: the place is all that it read.
    private IEnumerable<InjectionSpan> Told(string text) => Score(text) is var score and >= Threshold ? [new InjectionSpan(0, 0, text.Length, "second opinion", [], Math.Round(score, 4))] : [];

    private List<InjectionSpan> Whole(char between, IReadOnlyList<string> texts) => [.. Told(string.Join(between, texts)).SelectMany(span => Fields(texts, span))];

    // What of a span lies in each of the texts.
    private static IEnumerable<InjectionSpan> Fields(IReadOnlyList<string> texts, InjectionSpan span)
    {
        var begins = 0;
        for (var field = 0; field < texts.Count; field++)
        {
            var start = Math.Max(span.Start, begins);
            var end = Math.Min(span.Start + span.Length, begins + texts[field].Length);
            if (start < end)
            {
                yield return span with { Field = field, Start = start - begins, Length = end - start };
            }

            begins += texts[field].Length + 1;
        }
    }
}
