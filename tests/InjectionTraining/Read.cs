using System.Runtime.InteropServices;
using McpInfra.Guardrails.Injection;

namespace McpInfra.InjectionTraining;

/// <summary>A text as the model sees it: for each token the numbers of its features.</summary>
internal sealed class Read
{
    private readonly int[] features;
    private readonly int[] ends;

    public Read(Tokens tokens, Sample sample)
    {
        var read = CollectionsMarshal.AsSpan(tokens.Read(sample.Text));
        var (all, stops) = (new List<int>(read.Length * 4), new int[read.Length]);
        Span<int> one = stackalloc int[Features.Most];
        var reader = new Features.Reader();
        (First, Last) = (read.Length, -1);
        for (var at = 0; at < read.Length; at++)
        {
            all.AddRange(one[..reader.Next(read, at, one)]);
            stops[at] = all.Count;
            if (sample.Attack && read[at].Start >= sample.From && read[at].Start < sample.To)
            {
                (First, Last) = (Math.Min(First, at), at);
            }
        }

        (features, ends, Sample) = ([.. all], stops, sample);
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
}
