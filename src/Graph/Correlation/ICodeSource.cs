namespace McpInfra.Graph.Correlation;

/// <summary>The code of registered repositories, as the graph reads it; Tools reads it from git.</summary>
public interface ICodeSource
{
    /// <summary>Names of the registered repositories.</summary>
    IReadOnlyList<string> Repositories { get; }

    /// <summary>Tracked files of the repository whose path the filter accepts, by path with `/`; bounded in number and size.</summary>
    /// <exception cref="CodeException">The repository cannot be read; the message says what mends it.</exception>
    CodeFiles Read(string repository, Func<string, bool> filter);
}

/// <summary>Files of one commit or working tree.</summary>
/// <param name="Version">Commit id, with `+worktree` when read from tracked files of a working tree.</param>
/// <param name="Files">Bytes by path.</param>
public sealed record CodeFiles(string Version, IReadOnlyDictionary<string, byte[]> Files);

/// <summary>Code of a repository cannot be read; the message is our own words and says what mends it.</summary>
public abstract class CodeException : Exception
{
    /// <inheritdoc/>
    protected CodeException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    protected CodeException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
