namespace McpInfra.Guardrails.Policies;

/// <summary>The rulebook that decides now, and the one that is only tried beside it. Replaced whole, between calls.</summary>
/// <param name="current">What decides at the start.</param>
public sealed class PoliciesInForce(Rulebook current)
{
    private Rulebook current = current;
    private Rulebook? next;

    /// <summary>What decides.</summary>
    public Rulebook Current
    {
        get => Volatile.Read(ref current);
        set => Volatile.Write(ref current, value);
    }

    /// <summary>What is evaluated beside it and decides nothing; null when there is none.</summary>
    public Rulebook? Next
    {
        get => Volatile.Read(ref next);
        set => Volatile.Write(ref next, value);
    }

    /// <summary>The version of what decides.</summary>
    public string Version => Current.Version;
}
