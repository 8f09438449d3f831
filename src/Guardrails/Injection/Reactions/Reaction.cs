namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>What follows for texts that somebody could have written.</summary>
/// <param name="Flagged">From the threshold on.</param>
/// <param name="High">From <see cref="DetectionPolicy.High"/> on; never less than for a flagged one.</param>
public sealed record Reaction(Consequence Flagged, Consequence High)
{
    /// <summary>What follows for a score.</summary>
    public Consequence For(double score) => score >= DetectionPolicy.High ? High : score >= InjectionFilter.Threshold ? Flagged : Consequence.Ignore;
}
