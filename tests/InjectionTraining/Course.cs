using McpInfra.Guardrails.Injection;

namespace McpInfra.InjectionTraining;

/// <summary>Logistic regression over windows with AdaGrad. An attack is taught by the window within its orders that looks worst, a harmless text by all of its windows.</summary>
internal sealed class Course
{
    /// <summary>Epochs whose weights are added up.</summary>
    public const int Averaged = Epochs - Settled;

    /// <summary>The most that a feature may weigh.</summary>
    public const float Most = 3f;

    private const int Epochs = 8;
    private const int Settled = 4;
    private const float Rate = 0.12f;
    private const float Decay = 1e-3f;
    private const float Bias = -2.5f;

    // Texts of templates say the same again and again, and those of voices stand bare and in a carrier; both are many more than the corpus.
    private const float ShareOfMade = 0.3f;

    private readonly Read[] texts;
    private readonly bool[] common;
    private readonly Random random;
    private readonly float[] weights = new float[1 << Features.Bits];
    private readonly float[] squares = new float[1 << Features.Bits];
    private readonly float[] biases = [.. Scorer.Lengths.Select(_ => Bias)];
    private readonly float[] biasSquares = [.. Scorer.Lengths.Select(_ => 1f)];

    /// <param name="texts">What is taught.</param>
    /// <param name="common">The features that may weigh anything.</param>
    /// <param name="seed">Decides in which order.</param>
    public Course(IEnumerable<Read> texts, bool[] common, int seed) => (this.texts, this.common, random) = ([.. texts], common, new Random(seed));

    /// <summary>Adds the weights and biases to sums, once for each epoch averaged.</summary>
    public void Take(float[] sums, float[] biasSums)
    {
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(texts);
            foreach (var text in texts)
            {
                Teach(text, epoch);
            }

            if (epoch >= Settled)
            {
                Add(sums, weights);
                Add(biasSums, biases);
            }
        }
    }

    private static void Add(float[] sums, float[] values)
    {
        for (var index = 0; index < sums.Length; index++)
        {
            sums[index] += values[index];
        }
    }

    private void Teach(Read text, int epoch)
    {
        var share = text.Sample.MadeHard ? ShareOfMade : 1;
        if (text.Sample.Attack)
        {
            if (text.Last >= 0)
            {
                var worst = Worst(text, epoch, out var kind);
                Teach(worst, kind, 1, share);
            }

            return;
        }

        for (var which = 0; which < Scorer.Lengths.Length; which++)
        {
            var length = Scorer.Lengths[which];
            for (var end = Math.Min(text.Length - 1, length - 1 - random.Next(Math.Max(2, length / 5))); end < text.Length; end += Math.Max(2, length / 5))
            {
                var window = text.Window(end, length);
                if (Logit(window, which) > -4 || random.Next(8) == 0)
                {
                    Teach(window, which, 0, share);
                }
            }
        }
    }

    private float Logit(ReadOnlySpan<int> window, int which)
    {
        var sum = biases[which];
        foreach (var feature in window)
        {
            sum += weights[feature];
        }

        return sum;
    }

    private void Teach(ReadOnlySpan<int> window, int which, float label, float share)
    {
        var gradient = share * ((1 / (1 + MathF.Exp(-Logit(window, which)))) - label);
        foreach (var feature in window)
        {
            if (!common[feature])
            {
                continue;
            }

            var slope = gradient + (Decay * weights[feature]);
            squares[feature] += slope * slope;
            weights[feature] = Math.Clamp(weights[feature] - (Rate * slope / (0.1f + MathF.Sqrt(squares[feature]))), -Most, Most);
        }

        biasSquares[which] += gradient * gradient;
        biases[which] -= 0.05f * gradient / MathF.Sqrt(biasSquares[which]);
    }

    private ReadOnlySpan<int> Worst(Read text, int epoch, out int which)
    {
        ReadOnlySpan<int> worst = default;
        var most = float.NegativeInfinity;
        which = 0;
        for (var kind = 0; kind < Scorer.Lengths.Length; kind++)
        {
            var length = Scorer.Lengths[kind];
            var enough = Math.Min(text.Last - text.First + 1, length * 2 / 3);
            var first = Math.Min(text.Length - 1, text.First + enough - 1);
            var last = Math.Min(text.Length - 1, Math.Max(first, text.Last + length - enough));
            for (var end = first; end <= last; end++)
            {
                var window = text.Window(end, length);
                var sum = epoch < 2 ? random.NextSingle() : biases[kind];
                if (epoch >= 2)
                {
                    foreach (var feature in window)
                    {
                        sum += weights[feature];
                    }
                }

                if (sum > most)
                {
                    most = sum;
                    which = kind;
                    worst = window;
                }
            }
        }

        return worst;
    }
}
