using McpInfra.Guardrails.Injection;

namespace McpInfra.InjectionTraining;

/// <summary>Logistic regression over windows with AdaGrad. An attack is taught by the window within its orders that looks worst, a harmless text by all of its windows. Deterministic.</summary>
internal static class Trainer
{
    private const int Epochs = 14;
    private const int FewestTexts = 3;
    private const int MostWords = 9000;
    private const float Rate = 0.12f;
    private const float Decay = 2e-5f;
    private const float Most = 3f;
    private const float Bias = -2.5f;
    private static readonly int[] Lengths = [Scorer.Short, Scorer.Window];

    public static Model Train(IReadOnlyList<Sample> samples)
    {
        var learnt = samples.Where(Teaches).ToArray();
        var words = Words(learnt);
        var tokens = new Tokens(new Vocabulary(words));
        var texts = learnt.Select(sample => new Read(tokens, sample)).Where(read => read.Length > 0).ToArray();
        var common = Common(texts);
        var weights = new float[1 << Features.Bits];
        var squares = new float[weights.Length];
        var bias = Bias;
        var biasSquares = 1f;
        var random = new Random(7);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(texts);
            foreach (var text in texts)
            {
                if (text.Sample.Attack)
                {
                    if (text.Last >= 0)
                    {
                        Teach(Worst(text, weights, epoch, random), 1);
                    }

                    continue;
                }

                foreach (var length in Lengths)
                {
                    for (var end = Math.Min(text.Length - 1, length - 1 - random.Next(length / 5)); end < text.Length; end += length / 5)
                    {
                        var window = text.Window(end, length);
                        if (Logit(window) > -4 || random.Next(8) == 0)
                        {
                            Teach(window, 0);
                        }
                    }
                }
            }
        }

        var scale = Most / 127;
        return new Model([.. weights.Select(weight => (sbyte)Math.Clamp(MathF.Round(weight / scale), -127, 127))], scale, bias, words);

        float Logit(ReadOnlySpan<int> window)
        {
            var sum = bias;
            foreach (var feature in window)
            {
                sum += weights[feature];
            }

            return sum;
        }

        void Teach(ReadOnlySpan<int> window, float label)
        {
            var gradient = (1 / (1 + MathF.Exp(-Logit(window)))) - label;
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

            biasSquares += gradient * gradient;
            bias -= 0.05f * gradient / MathF.Sqrt(biasSquares);
        }
    }

    // Plain tasks without a word to an agent are no orders to one; quoted attacks are neither; what is encoded is read by the views.
    private static bool Teaches(Sample sample) =>
        sample.Tier != "T4_plain_task" && sample.Technique != "benign_quoted_attack" && sample.Obfuscation is "none" or "html_comment" or "newline_padding" or "ansi_conceal" or "zero_width" or "homoglyph_cyrillic";

    private static ReadOnlySpan<int> Worst(Read text, float[] weights, int epoch, Random random)
    {
        ReadOnlySpan<int> worst = default;
        var most = float.NegativeInfinity;
        foreach (var length in Lengths)
        {
            var enough = Math.Min(text.Last - text.First + 1, length * 2 / 3);
            var first = Math.Min(text.Length - 1, text.First + enough - 1);
            var last = Math.Min(text.Length - 1, Math.Max(first, text.Last + length - enough));
            for (var end = first; end <= last; end++)
            {
                var window = text.Window(end, length);
                var sum = epoch < 2 ? random.NextSingle() : 0f;
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
                    worst = window;
                }
            }
        }

        return worst;
    }

    // Features and words of a few texts only are learnt by heart, not understood.
    private static bool[] Common(IReadOnlyList<Read> texts)
    {
        var counts = new int[1 << Features.Bits];
        foreach (var text in texts)
        {
            foreach (var feature in text.All.ToArray().Distinct())
            {
                counts[feature]++;
            }
        }

        return [.. counts.Select(count => count >= FewestTexts)];
    }

    private static string[] Words(IReadOnlyList<Sample> samples)
    {
        var open = new Vocabulary([], open: true);
        var tokens = new Tokens(open);
        var counts = new Dictionary<uint, int>();
        foreach (var sample in samples)
        {
            foreach (var hash in tokens.Read(sample.Text).Select(token => token.Hash).Distinct())
            {
                counts[hash] = counts.GetValueOrDefault(hash) + 1;
            }
        }

        return [.. counts.Where(pair => pair.Value >= FewestTexts && open.Met.ContainsKey(pair.Key)).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)
            .Take(MostWords).Select(pair => open.Met[pair.Key]).Order(StringComparer.Ordinal)];
    }
}
