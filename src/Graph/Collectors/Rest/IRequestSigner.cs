namespace McpInfra.Graph.Collectors.Rest;

/// <summary>Proves to a service who asks.</summary>
internal interface IRequestSigner
{
    /// <summary>Puts the proof on a request that is about to be sent; asked before each attempt, so that a long scan outlives any credential.</summary>
    /// <exception cref="SourceException">There is none; the message says what mends it.</exception>
    ValueTask SignAsync(HttpRequestMessage request, CancellationToken stop);
}
