namespace McpInfra.Graph.Collectors;

/// <summary>Reads one kind of source. Read-only; a failure of one service is an observation, of the whole source an exception.</summary>
public interface ICollector
{
    /// <summary>The kind of source it reads.</summary>
    string Kind { get; }

    /// <summary>Everything seen, as it is seen. Every wait has a deadline, every retry a cap.</summary>
    /// <exception cref="SourceException">Nothing of the source can be read; the message says what mends it.</exception>
    IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, CancellationToken stop);

    /// <summary>The same, going on where a scan that was cut had come to; a kind that is quickly read starts anew.</summary>
    /// <exception cref="SourceException">Nothing of the source can be read; the message says what mends it.</exception>
    IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, Unfinished unfinished, CancellationToken stop) => CollectAsync(source, stop);
}

/// <summary>A whole source cannot be read; the message says what was wrong and what mends it, without any secret.</summary>
public sealed class SourceException : Exception
{
    /// <inheritdoc/>
    public SourceException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public SourceException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
