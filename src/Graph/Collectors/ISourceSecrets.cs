namespace McpInfra.Graph.Collectors;

/// <summary>Gives the secret that an account of a source is read with, renewed when it is about to end.</summary>
public interface ISourceSecrets
{
    /// <summary>A secret that is good now; asked before each request.</summary>
    /// <exception cref="SourceException">There is none; the message says what mends it.</exception>
    ValueTask<SourceSecret> OfAsync(SourceSettings source, AccountSettings account, CancellationToken stop);
}
