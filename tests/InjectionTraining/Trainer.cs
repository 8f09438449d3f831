using McpInfra.Guardrails.Injection;

namespace McpInfra.InjectionTraining;

/// <summary>Makes a model of samples: the mean of several courses over them. Deterministic.</summary>
internal static class Trainer
{
    // What is learnt in one order of the texts differs from what is learnt in another by more than most changes make; their mean does not.
    private const int Courses = 5;
    private const int FewestOrigins = 3;
    private const int MostWords = 12000;
    // Every so many texts are taught a second time as if they were in a language of which only the lexicon is known; voices speak other languages themselves.
    private const int Foreign = 3;

    public static Model Train(IReadOnlyList<Sample> samples)
    {
        var learnt = samples.Where(Teaches).ToArray();
        var words = Words(learnt);
        var tokens = new Tokens(new Vocabulary(words));
        var echoes = new Echoes();
        var foreign = new Tokens(new Vocabulary([]));
        var texts = learnt.Select(sample => new Read(tokens, echoes, sample)).Concat(learnt.Where((sample, index) => index % Foreign == 0 && sample.Line.Length == 0).Select(sample => new Read(foreign, echoes, sample))).Where(read => read.Length > 0).ToArray();
        var common = Common(texts);
        var sums = new float[1 << Features.Bits];
        var biases = new float[Scorer.Lengths.Length];
        for (var course = 0; course < Courses; course++)
        {
            new Course(texts, common, course).Take(sums, biases);
        }

        const float averaged = Courses * Course.Averaged;
        const float scale = Course.Most / 127;
        return new Model([.. sums.Select(sum => (sbyte)Math.Clamp(MathF.Round(sum / averaged / scale), -127, 127))], scale, [.. biases.Select(sum => sum / averaged)], words);
    }

    // Plain tasks without a word to an agent are no orders to one; quoted attacks are neither; what is encoded is read by the views.
    private static bool Teaches(Sample sample) =>
        sample.Tier != "T4_plain_task" && sample.Technique != "benign_quoted_attack" && sample.Obfuscation is "none" or "html_comment" or "newline_padding" or "ansi_conceal" or "zero_width" or "homoglyph_cyrillic";

    // Features and words of a few origins only are learnt by heart, not understood.
    private static bool[] Common(IReadOnlyList<Read> texts)
    {
        var counts = new int[1 << Features.Bits];
        foreach (var origin in texts.GroupBy(text => text.Sample.Origin))
        {
            foreach (var feature in origin.SelectMany(text => text.All.ToArray()).Distinct())
            {
                counts[feature]++;
            }
        }

        return [.. counts.Select(count => count >= FewestOrigins)];
    }

    // What is a word of the lexicon with letters out of order is read as that word, not learnt as another.
    // Words of other languages count by what they do only: a few texts of a language would teach that its every word is an order.
    private static string[] Words(IReadOnlyList<Sample> samples)
    {
        var open = new Vocabulary([], open: true);
        var tokens = new Tokens(open);
        var counts = new Dictionary<uint, int>();
        foreach (var origin in samples.Where(sample => sample.Language == "en").GroupBy(sample => sample.Origin))
        {
            foreach (var hash in origin.SelectMany(sample => tokens.Read(sample.Text).Select(token => token.Hash).ToArray()).Distinct())
            {
                counts[hash] = counts.GetValueOrDefault(hash) + 1;
            }
        }

        var listed = new Vocabulary([]);
        return [.. counts.Where(pair => pair.Value >= FewestOrigins && open.Met.TryGetValue(pair.Key, out var word) && (listed.TryGet(pair.Key, out _) || !listed.TryDisordered(word, out _))).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)
            .Take(MostWords).Select(pair => open.Met[pair.Key]).Order(StringComparer.Ordinal)];
    }
}
