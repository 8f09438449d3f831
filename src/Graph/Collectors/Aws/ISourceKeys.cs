using Amazon.Runtime;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Gives the keys that an account of a source is read with, renewed when they are about to end.</summary>
public interface ISourceKeys
{
    /// <summary>Keys that are good now; asked before each request.</summary>
    /// <param name="source">The source.</param>
    /// <param name="account">Its account.</param>
    /// <param name="member">The account of its organisation, 12 digits, that the keys are to be of; null for the account itself.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="SourceException">There are none; the message says what mends it.</exception>
    ValueTask<ImmutableCredentials> OfAsync(SourceSettings source, AccountSettings account, string? member, CancellationToken stop);
}
