using McpInfra.Guardrails.Injection;

namespace McpInfra.InjectionTraining;

/// <summary>Logistic regression over windows with AdaGrad. An attack is taught by the window within its orders that looks worst, a harmless text by all of its windows. Deterministic.</summary>
internal static class Trainer
{
    private const int Epochs = 8;

    // The weights after this epoch and those behind it are averaged.
    private const int Settled = 4;
    private const int FewestTexts = 4;
    private const int MostWords = 9000;
    // Every so many texts are taught a second time as if they were in a language of which only the lexicon is known.
    private const int Foreign = 3;
    private const float Rate = 0.12f;
    private const float Decay = 1e-4f;
    private const float Most = 3f;
    private const float Bias = -2.5f;

    public static Model Train(IReadOnlyList<Sample> samples)
    {
        var learnt = samples.Where(Teaches).ToArray();
        var words = Words(learnt);
        var tokens = new Tokens(new Vocabulary(words));
        var echoes = new Echoes();
        var foreign = new Tokens(new Vocabulary([]));
        var texts = learnt.Select(sample => new Read(tokens, echoes, sample)).Concat(learnt.Where((sample, index) => index % Foreign == 0).Select(sample => new Read(foreign, echoes, sample))).Where(read => read.Length > 0).ToArray();
        var common = Common(texts);
        var weights = new float[1 << Features.Bits];
        var squares = new float[weights.Length];
        float[] biases = [.. Scorer.Lengths.Select(_ => Bias)];
        float[] biasSquares = [.. Scorer.Lengths.Select(_ => 1f)];
        var random = new Random(7);
        var sums = new float[weights.Length];
        var biasSums = new float[biases.Length];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(texts);
            foreach (var text in texts)
            {
                if (text.Sample.Attack)
                {
                    if (text.Last >= 0)
                    {
                        var worst = Worst(text, weights, biases, epoch, random, out var which);
                        Teach(worst, which, 1);
                    }

                    continue;
                }

                for (var which = 0; which < Scorer.Lengths.Length; which++)
                {
                    var length = Scorer.Lengths[which];
                    for (var end = Math.Min(text.Length - 1, length - 1 - random.Next(Math.Max(2, length / 5))); end < text.Length; end += Math.Max(2, length / 5))
                    {
                        var window = text.Window(end, length);
                        if (Logit(window, which) > -4 || random.Next(8) == 0)
                        {
                            Teach(window, which, 0);
                        }
                    }
                }
            }

            if (epoch >= Settled)
            {
                Add(sums, weights);
                Add(biasSums, biases);
            }
        }

        const float averaged = Epochs - Settled;
        const float scale = Most / 127;
        return new Model([.. sums.Select(sum => (sbyte)Math.Clamp(MathF.Round(sum / averaged / scale), -127, 127))], scale, [.. biasSums.Select(sum => sum / averaged)], words);

        static void Add(float[] sums, float[] values)
        {
            for (var index = 0; index < sums.Length; index++)
            {
                sums[index] += values[index];
            }
        }

        float Logit(ReadOnlySpan<int> window, int which)
        {
            var sum = biases[which];
            foreach (var feature in window)
            {
                sum += weights[feature];
            }

            return sum;
        }

        void Teach(ReadOnlySpan<int> window, int which, float label)
        {
            var gradient = (1 / (1 + MathF.Exp(-Logit(window, which)))) - label;
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
    }

    // Plain tasks without a word to an agent are no orders to one; quoted attacks are neither; what is encoded is read by the views.
    private static bool Teaches(Sample sample) =>
        sample.Tier != "T4_plain_task" && sample.Technique != "benign_quoted_attack" && sample.Obfuscation is "none" or "html_comment" or "newline_padding" or "ansi_conceal" or "zero_width" or "homoglyph_cyrillic";

    private static ReadOnlySpan<int> Worst(Read text, float[] weights, float[] biases, int epoch, Random random, out int which)
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

    // Words of other languages count by what they do only: a few texts of a language would teach that its every word is an order.
    private static string[] Words(IReadOnlyList<Sample> samples)
    {
        var open = new Vocabulary([], open: true);
        var tokens = new Tokens(open);
        var counts = new Dictionary<uint, int>();
        foreach (var sample in samples.Where(sample => sample.Language == "en"))
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
