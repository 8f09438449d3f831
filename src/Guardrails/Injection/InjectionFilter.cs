using System.Collections.Concurrent;

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

    /// <summary>The score of a text.</summary>
    public double Score(string text)
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
        return [.. found.SelectMany(span => Fields(texts, span))];
    }

    /// <summary>Whether a text is flagged.</summary>
    public bool Flags(string text) => Score(text) >= Threshold;

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
