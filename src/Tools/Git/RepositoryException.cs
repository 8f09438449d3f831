using McpInfra.Graph.Correlation;

namespace McpInfra.Tools.Git;

/// <summary>A repository cannot be read or written as asked; the message is our own words and says what mends it. A path, when one matters, is apart.</summary>
public sealed class RepositoryException : CodeException
{
    /// <inheritdoc/>
    public RepositoryException(string message, string? path = null)
        : base(message) => Path = path;

    /// <inheritdoc/>
    public RepositoryException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The path within the repository that was met: tenant's text.</summary>
    public string? Path { get; }
}
