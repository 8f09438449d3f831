using System.Numerics;
using System.Runtime.InteropServices;

namespace McpInfra.Guardrails.Injection;

/// <summary>Slides a window over the tokens of a text and keeps the worst sum. Holds buffers; for one thread at a time.</summary>
internal sealed class Scorer(Model model)
{
    /// <summary>Tokens of the longest window, about three sentences.</summary>
    public const int Window = 32;

    private const int Clause = 6;
    private const int Sentence = 12;
    private const int Least = int.MinValue / 2;

    // Of more tokens than this a text is not held to be longer, or an order could be drowned in them.
    private const int LongestCounted = 256;

    /// <summary>The lengths of windows: a clause, a sentence, three of them, so that harmless text around an order does not outweigh it.</summary>
    public static readonly int[] Lengths = [Clause, Sentence, Window];

    // Flags of regions take six; nobody spells more with characters that are not seen.
    private const int HiddenLetters = 8;
    private const float Certain = 8;

    private readonly Tokens tokens = new(model.Vocabulary);
    private readonly Echoes echoes = new();
    private readonly FeatureNumbers numbers = new();
    private List<Token> read = [];

    // The sum of the weights of so many tokens.
    private int[] sums = new int[256];
    private int worstLength;

    /// <summary>How words of the last text look to be turned.</summary>
    public Turn Turned => tokens.Turned;

    /// <summary>Where the worst window of the last text stands in it.</summary>
    public (int Start, int End) Place(ReadOnlySpan<char> text)
    {
        var (first, last) = WorstTokens();
        var end = last < read.Count ? (last + 1 < read.Count ? read[last + 1].Start : text.Length) : 0;
        var start = first < read.Count ? read[first].Start : 0;
        return (start, Math.Max(start, start + text[start..Math.Max(start, end)].TrimEnd().Length));
    }

    /// <summary>What the words of that window do, each once, in order.</summary>
    public IReadOnlyList<string> Says()
    {
        var (first, last) = WorstTokens();
        return [.. read.Skip(first).Take(last - first + 1).Select(token => token.Class).Where(kind => kind != Lexicon.None).Distinct().Select(Lexicon.Name)];
    }

    /// <summary>Tokens of the last text.</summary>
    public int Length => read.Count;

    /// <summary>The log odds that the text gives orders: those of its worst window, less what chance adds in a text of more windows.</summary>
    /// <param name="text">The text.</param>
    /// <param name="within">Tokens of the text that it was read from another way.</param>
    public float Score(ReadOnlySpan<char> text, int within = 0)
    {
        read = tokens.Read(text);
        Add(CollectionsMarshal.AsSpan(read));
        var worst = float.NegativeInfinity;
        foreach (var (which, length) in Lengths.Index())
        {
            var odds = model.Biases[which] + (model.Scale * Worst(length));
            (worst, worstLength) = odds > worst ? (odds, length) : (worst, worstLength);
        }

        worst -= model.Steepness * MathF.Log(Math.Clamp(Math.Max(read.Count, within), Window, LongestCounted) / (float)Window);
        return tokens.HiddenLetters > HiddenLetters ? Math.Max(worst, Certain) : worst;
    }

    private void Add(ReadOnlySpan<Token> read)
    {
        if (sums.Length <= read.Length)
        {
            sums = new int[(int)BitOperations.RoundUpToPowerOf2((uint)read.Length + 1)];
        }

        echoes.Start(read.Length);
        var reader = new Features.Reader(echoes, numbers);
        var features = model.Adding();
        for (var at = 0; at < read.Length; at++)
        {
            reader.Next(read, at, ref features);
            sums[at + 1] = features.Value;
        }
    }

    // The most that a window weighs; those at the beginning are shorter.
    private int Worst(int length)
    {
        var ends = sums.AsSpan(1, read.Count);
        var worst = Least;
        var at = 0;
        for (; at < Math.Min(length, ends.Length); at++)
        {
            worst = Math.Max(worst, ends[at]);
        }

        var begins = sums.AsSpan(1, Math.Max(0, ends.Length - length));
        var several = new Vector<int>(worst);
        for (; at + Vector<int>.Count <= ends.Length; at += Vector<int>.Count)
        {
            several = Vector.Max(several, new Vector<int>(ends[at..]) - new Vector<int>(begins[(at - length)..]));
        }

        for (; at < ends.Length; at++)
        {
            worst = Math.Max(worst, ends[at] - begins[at - length]);
        }

        for (var lane = 0; lane < Vector<int>.Count; lane++)
        {
            worst = Math.Max(worst, several[lane]);
        }

        return worst;
    }

    // The first and the last token of the first window that weighs the most.
    private (int First, int Last) WorstTokens()
    {
        var worst = Worst(worstLength);
        for (var at = 0; at < read.Count; at++)
        {
            var first = Math.Max(0, at - worstLength + 1);
            if (sums[at + 1] - sums[first] == worst)
            {
                return (first, at);
            }
        }

        return (0, 0);
    }
}
