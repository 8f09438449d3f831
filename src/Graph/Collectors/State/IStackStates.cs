namespace McpInfra.Graph.Collectors.State;

/// <summary>The states of registered stacks, wherever their backends keep them; Tools reads them for plans too.</summary>
public interface IStackStates
{
    /// <summary>The bytes of a stack's state; null when there is none yet.</summary>
    /// <exception cref="SourceException">It cannot be read; the message says what mends it.</exception>
    ValueTask<byte[]?> ReadAsync(string repository, string stack, CancellationToken stop);
}
