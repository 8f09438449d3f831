using System.Runtime.InteropServices;
using McpInfra.Guardrails.Injection;

namespace McpInfra.InjectionTraining;

/// <summary>A text as the model sees it: for each token the numbers of its features.</summary>
internal sealed class Read
{
    private readonly int[] features;
    private readonly int[] ends;

    public Read(Tokens tokens, Echoes echoes, Sample sample)
    {
        var read = CollectionsMarshal.AsSpan(tokens.Read(sample.Text));
        if (sample.Language != "en")
        {
            Unstem(read);
        }

        var all = new Taken(new List<int>(read.Length * 4));
        var stops = new int[read.Length];
        echoes.Start(read.Length);
        var reader = new Features.Reader(echoes, new FeatureNumbers());
        (First, Last) = (read.Length, -1);
        for (var at = 0; at < read.Length; at++)
        {
            reader.Next(read, at, ref all);
            stops[at] = all.Features.Count;
            if (sample.Attack && read[at].Start >= sample.From && read[at].Start < sample.To)
            {
                (First, Last) = (Math.Min(First, at), at);
            }
        }

        (features, ends, Sample) = ([.. all.Features], stops, sample);
    }

    public Sample Sample { get; }

    /// <summary>Tokens.</summary>
    public int Length => ends.Length;

    /// <summary>First token of the orders.</summary>
    public int First { get; }

    /// <summary>Last token of the orders; -1 for none.</summary>
    public int Last { get; }

    /// <summary>The features of the window that ends with a token.</summary>
    public ReadOnlySpan<int> Window(int end, int length)
    {
        var start = end - length;
        var from = start < 0 ? 0 : ends[start];
        return features.AsSpan(from, ends[end] - from);
    }

    /// <summary>Every feature.</summary>
    public ReadOnlySpan<int> All => features;

    // A few texts of a language would teach that its every word is an order, so beginnings of words are learnt in English only.
    private static void Unstem(Span<Token> tokens)
    {
        foreach (ref var token in tokens)
        {
            token = token with { Stem = 0 };
        }
    }

    private readonly record struct Taken(List<int> Features) : IFeatureTaker
    {
        public void Take(int feature) => Features.Add(feature);
    }
}
