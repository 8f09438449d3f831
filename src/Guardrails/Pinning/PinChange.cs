namespace McpInfra.Guardrails.Pinning;

/// <summary>Something that a server says otherwise than an operator accepted.</summary>
/// <param name="Item">Kind and name.</param>
/// <param name="Accepted">What was accepted; null for what is new.</param>
/// <param name="Seen">What it says now; null for what is gone.</param>
public sealed record PinChange(string Item, string? Accepted, string? Seen)
{
    /// <summary>"changed", "new" or "gone", and the item.</summary>
    public override string ToString() => $"{(Accepted is null ? "new" : Seen is null ? "gone" : "changed")}: {Item}";
}
