using System.Runtime.InteropServices;

namespace McpInfra.Guardrails.Injection;

/// <summary>Slides a window over the tokens of a text and keeps the worst sum. Holds buffers; for one thread at a time.</summary>
internal sealed class Scorer(Model model)
{
    /// <summary>Tokens of a window, about three sentences.</summary>
    public const int Window = 32;

    /// <summary>Tokens of the shorter window, about a sentence, so that harmless text around an order does not outweigh it.</summary>
    public const int Short = 10;

    // Flags of regions take six; nobody spells more with characters that are not seen.
    private const int HiddenLetters = 8;
    private const float Certain = 8;

    private readonly Tokens tokens = new(model.Vocabulary);

    /// <summary>How words of the last text look to be turned.</summary>
    public Turn Turned => tokens.Turned;

    /// <summary>The log odds that the worst window gives orders.</summary>
    public float Score(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<Token> read = CollectionsMarshal.AsSpan(tokens.Read(text));
        Span<int> weights = stackalloc int[Window];
        var reader = new Features.Reader();
        int whole = 0, part = 0, worst = read.IsEmpty ? int.MinValue / 2 : int.MinValue;
        for (var at = 0; at < read.Length; at++)
        {
            var features = model.Adding();
            reader.Next(read, at, ref features);
            var weight = features.Value;
            whole += weight - weights[at % Window];
            part += weight - (at >= Short ? weights[(at - Short) % Window] : 0);
            weights[at % Window] = weight;
            worst = Math.Max(worst, Math.Max(whole, part));
        }

        var odds = model.Bias + (model.Scale * worst);
        return tokens.HiddenLetters > HiddenLetters ? Math.Max(odds, Certain) : odds;
    }
}
