namespace McpInfra.Graph.Collectors.State;

/// <summary>Folders of states in object stores, as sources name them; Tools reads them as it reads the states of stacks.</summary>
public interface IStateFolders
{
    /// <summary>Every file of a source's backend whose path, from its root, begins with a prefix.</summary>
    /// <exception cref="SourceException">It cannot be listed to its end; the message says what mends it.</exception>
    ValueTask<IReadOnlyList<StateFileEntry>> ListAsync(SourceSettings source, string prefix, CancellationToken stop);

    /// <summary>A file's bytes; null when it is gone.</summary>
    /// <exception cref="SourceException">It cannot be read; the message says what mends it.</exception>
    ValueTask<byte[]?> ReadAsync(SourceSettings source, string path, CancellationToken stop);
}

/// <summary>A file of states.</summary>
/// <param name="Path">From the backend's root, with `/`.</param>
/// <param name="Modified">When it was written.</param>
public sealed record StateFileEntry(string Path, DateTimeOffset Modified);
