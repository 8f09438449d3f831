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

    /// <summary>How words of the last text look to be turned.</summary>
    public Turn Turned => tokens.Turned;

    /// <summary>The log odds that the worst window gives orders.</summary>
    public float Score(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<Token> read = CollectionsMarshal.AsSpan(tokens.Read(text));
        Span<int> weights = stackalloc int[Window];
        echoes.Start(read.Length);
        var reader = new Features.Reader(echoes);
        int clause = 0, sentence = 0, whole = 0;
        int worstClause = Least, worstSentence = Least, worst = Least;
        for (var at = 0; at < read.Length; at++)
        {
            var features = model.Adding();
            reader.Next(read, at, ref features);
            var weight = features.Value;
            whole += weight - weights[at % Window];
            sentence += weight - (at >= Sentence ? weights[(at - Sentence) % Window] : 0);
            clause += weight - (at >= Clause ? weights[(at - Clause) % Window] : 0);
            weights[at % Window] = weight;
            worst = Math.Max(worst, whole);
            worstSentence = Math.Max(worstSentence, sentence);
            worstClause = Math.Max(worstClause, clause);
        }

        var odds = Math.Max(Math.Max(model.Biases[0] + (model.Scale * worstClause), model.Biases[1] + (model.Scale * worstSentence)), model.Biases[2] + (model.Scale * worst));
        return tokens.HiddenLetters > HiddenLetters ? Math.Max(odds, Certain) : odds;
    }
}
