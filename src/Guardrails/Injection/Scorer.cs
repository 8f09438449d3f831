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

    /// <summary>The lengths of windows: a clause, a sentence, three of them, so that harmless text around an order does not outweigh it.</summary>
    public static readonly int[] Lengths = [Clause, Sentence, Window];

    // Flags of regions take six; nobody spells more with characters that are not seen.
    private const int HiddenLetters = 8;
    private const float Certain = 8;

    private readonly Tokens tokens = new(model.Vocabulary);
    private readonly Echoes echoes = new();
    private List<Token> read = [];
    private int first, last;

    /// <summary>How words of the last text look to be turned.</summary>
    public Turn Turned => tokens.Turned;

    /// <summary>Where the worst window of the last text stands in it.</summary>
    public (int Start, int End) Place(ReadOnlySpan<char> text)
    {
        var end = last < read.Count ? (last + 1 < read.Count ? read[last + 1].Start : text.Length) : 0;
        var start = first < read.Count ? read[first].Start : 0;
        return (start, Math.Max(start, start + text[start..Math.Max(start, end)].TrimEnd().Length));
    }

    /// <summary>What the words of that window do, each once, in order.</summary>
    public IReadOnlyList<string> Says() => [.. read.Skip(first).Take(last - first + 1).Select(token => token.Class).Where(kind => kind != Lexicon.None).Distinct().Select(Lexicon.Name)];

    /// <summary>The log odds that the worst window gives orders.</summary>
    public float Score(ReadOnlySpan<char> text)
    {
        read = tokens.Read(text);
        (first, last) = (0, 0);
        return Score(CollectionsMarshal.AsSpan(read));
    }

    private float Score(ReadOnlySpan<Token> read)
    {
        Span<int> weights = stackalloc int[Window];
        echoes.Start(read.Length);
        var reader = new Features.Reader(echoes);
        int clause = 0, sentence = 0, whole = 0;
        int worstClause = Least, worstSentence = Least, worst = Least;
        int clauseAt = 0, sentenceAt = 0, wholeAt = 0;
        for (var at = 0; at < read.Length; at++)
        {
            var features = model.Adding();
            reader.Next(read, at, ref features);
            var weight = features.Value;
            whole += weight - weights[at % Window];
            sentence += weight - (at >= Sentence ? weights[(at - Sentence) % Window] : 0);
            clause += weight - (at >= Clause ? weights[(at - Clause) % Window] : 0);
            weights[at % Window] = weight;
            (worst, wholeAt) = whole > worst ? (whole, at) : (worst, wholeAt);
            (worstSentence, sentenceAt) = sentence > worstSentence ? (sentence, at) : (worstSentence, sentenceAt);
            (worstClause, clauseAt) = clause > worstClause ? (clause, at) : (worstClause, clauseAt);
        }

        var odds = model.Biases[0] + (model.Scale * worstClause);
        Keep(clauseAt, Clause);
        if (model.Biases[1] + (model.Scale * worstSentence) is var ofSentence && ofSentence > odds)
        {
            odds = ofSentence;
            Keep(sentenceAt, Sentence);
        }

        if (model.Biases[2] + (model.Scale * worst) is var ofWhole && ofWhole > odds)
        {
            odds = ofWhole;
            Keep(wholeAt, Window);
        }

        return tokens.HiddenLetters > HiddenLetters ? Math.Max(odds, Certain) : odds;
    }

    private void Keep(int at, int length) => (first, last) = (Math.Max(0, at - length + 1), at);
}
