namespace McpInfra.Guardrails.Injection;

/// <summary>Remembers the words and pairs of words of the last window. For one text at a time.</summary>
internal sealed class Echoes
{
    private const int Bits = 11;
    private readonly (uint Hash, int At)[] heard = new (uint, int)[1 << Bits];
    private int start;
    private int last;

    /// <summary>Starts another text of so many tokens; what was heard before is too far back to count.</summary>
    public void Start(int length)
    {
        start += last + Scorer.Window + 1;
        last = length;
        if (start > int.MaxValue / 2)
        {
            Array.Clear(heard);
            start = Scorer.Window + 1;
        }
    }

    /// <summary>Whether the hash was heard within a window; it is from now on.</summary>
    public bool Hear(uint hash, int at)
    {
        at += start;
        ref var place = ref heard[(hash * 0x9E3779B1u) >> (32 - Bits)];
        var echo = place.Hash == hash && at - place.At <= Scorer.Window;
        place = (hash, at);
        return echo;
    }
}
