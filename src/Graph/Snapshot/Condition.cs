namespace McpInfra.Graph.Snapshot;

/// <summary>That a resource has one of some values of a facet, or none of them.</summary>
/// <param name="Values">The values.</param>
/// <param name="IsNot">Whether it must have none.</param>
/// <param name="Count">How many resources have them; some more than once.</param>
internal sealed record Condition(int[] Values, bool IsNot, int Count)
{
    /// <summary>The one value that a resource must have, or -1.</summary>
    public int Only => Values is [var only] && !IsNot ? only : -1;

    /// <summary>Moves those of the places of one container to the front for which it holds; answers how many.</summary>
    public int Keep(in Postings postings, Span<ushort> places, int upper, Span<ulong> any)
    {
        if (Only >= 0 && postings.Words(Only, upper) is { IsEmpty: false } words)
        {
            return Bits.Keep(places, words);
        }

        any.Clear();
        foreach (var value in Values)
        {
            postings.SetIn(any, value, upper);
        }

        return Bits.Keep(places, any, IsNot);
    }

    /// <summary>Leaves, of the words of one container, those for which it holds; answers whether there can be any.</summary>
    public bool Leave(in Postings postings, Span<ulong> words, int upper, Span<ulong> spare, Span<ulong> any)
    {
        if (Only >= 0)
        {
            return postings.Leave(words, Only, upper, spare);
        }

        any.Clear();
        foreach (var value in Values)
        {
            postings.SetIn(any, value, upper);
        }

        if (IsNot)
        {
            Bits.AndNot(words, any);
        }
        else
        {
            Bits.And(words, any);
        }

        return true;
    }
}
