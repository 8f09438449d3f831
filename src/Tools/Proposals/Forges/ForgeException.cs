namespace McpInfra.Tools.Proposals.Forges;

/// <summary>A forge could not do what was asked; the message is our own words, says what mends it and holds no secret.</summary>
public sealed class ForgeException : Exception
{
    /// <inheritdoc/>
    public ForgeException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public ForgeException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
