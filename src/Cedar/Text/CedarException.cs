namespace McpInfra.Cedar;

/// <summary>A text that had to be valid was not; the message names every fault.</summary>
public sealed class CedarException(IReadOnlyList<Fault> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<Fault> Faults { get; } = faults;
}
