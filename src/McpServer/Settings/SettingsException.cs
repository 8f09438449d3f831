using McpInfra.Guardrails.Manifests;

namespace McpInfra.Host.Settings;

/// <summary>The configuration does not hold; the message lists every fault with its file and line.</summary>
public sealed class SettingsException : Exception
{
    /// <inheritdoc/>
    public SettingsException(string message)
        : base(message)
    {
    }

    /// <summary>One exception for all faults.</summary>
    public SettingsException(IReadOnlyList<Fault> faults)
        : base($"The configuration has {faults.Count} fault{(faults.Count == 1 ? "" : "s")}:\n" + string.Join('\n', faults.Select(fault => "  " + fault)))
    {
    }
}
