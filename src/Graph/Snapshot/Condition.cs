namespace McpInfra.Graph.Snapshot;

/// <summary>That a resource has one of some values of a facet, or none of them.</summary>
/// <param name="Values">The values.</param>
/// <param name="IsNot">Whether it must have none.</param>
/// <param name="Count">How many resources have them; some more than once.</param>
internal sealed record Condition(int[] Values, bool IsNot, int Count)
{
    /// <summary>Leaves, of the words of one container, those for which it holds; answers whether there can be any.</summary>
    public bool Leave(in Postings postings, Span<ulong> words, int upper, Span<ulong> spare, Span<ulong> any)
    {
        if (Values is [var only] && !IsNot)
        {
            return postings.Leave(words, only, upper, spare);
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
