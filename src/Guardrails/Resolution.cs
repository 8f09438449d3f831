namespace McpInfra.Guardrails;

/// <summary>What a call's arguments point at, or why they point at nothing that may be touched.</summary>
/// <param name="Targets">What the call touches; empty when it touches nothing in particular.</param>
/// <param name="Rule">Set to refuse the call by the guard `targets`: what is wrong, never echoing the request.</param>
/// <param name="Remedy">What would help.</param>
public sealed record Resolution(IReadOnlyList<Target> Targets, string? Rule = null, string? Remedy = null)
{
    /// <summary>True when the call waits on work that an earlier identical call has paid for.</summary>
    public bool Continues { get; init; }

    /// <summary>The call touches nothing in particular.</summary>
    public static Resolution None { get; } = new([]);

    /// <summary>The call is refused: what it points at is void, unknown or out of reach.</summary>
    public static Resolution Refused(string rule, string remedy) => new([], rule, remedy);
}
