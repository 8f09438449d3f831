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

    // Base64 within base64 within base64 is followed; deeper is not.
    private const int MostLayers = 3;
    private static readonly Lazy<InjectionFilter> FromProgram = new(() => new InjectionFilter(Model.Shipped));
    private readonly Model model;
    private readonly ConcurrentBag<Scorer> idle = [];

    internal InjectionFilter(Model model) => this.model = model;

    /// <summary>The filter that the program ships.</summary>
    /// <exception cref="InvalidDataException">The model in the program is not whole.</exception>
    public static InjectionFilter Shipped => FromProgram.Value;

    /// <summary>The score of a text.</summary>
    public double Score(string text)
    {
        if (!idle.TryTake(out var scorer))
        {
            scorer = new Scorer(model);
        }

        var worst = Worst(scorer, text, layer: 0);
        idle.Add(scorer);
        return 1 / (1 + Math.Exp(-worst));
    }

    /// <summary>Whether a text is flagged.</summary>
    public bool Flags(string text) => Score(text) >= Threshold;

    // Of the text and of what it says to who reads it another way.
    private static float Worst(Scorer scorer, string text, int layer)
    {
        var worst = scorer.Score(text);
        foreach (var view in Views.Of(text, scorer.Turned))
        {
            worst = Math.Max(worst, scorer.Score(view));
        }

        if (layer < MostLayers)
        {
            foreach (var decoded in Encodings.Decoded(text))
            {
                worst = Math.Max(worst, Worst(scorer, decoded, layer + 1));
            }
        }

        return worst;
    }
}
