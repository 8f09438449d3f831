namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>The engine cannot run here; the message is our own words and says what mends it.</summary>
public sealed class EngineException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What of the code it is about, as the code names it: tenant's text, and so apart.</summary>
    public string? Named { get; init; }
}
