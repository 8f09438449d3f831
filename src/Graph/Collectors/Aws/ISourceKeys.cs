using Amazon.Runtime;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Gives the keys that a source is read with, renewed when they are about to end.</summary>
public interface ISourceKeys
{
    /// <summary>Keys that are good now; asked before each request.</summary>
    /// <exception cref="SourceException">There are none; the message says what mends it.</exception>
    ValueTask<ImmutableCredentials> OfAsync(SourceSettings source, CancellationToken stop);
}
