using Amazon.Runtime;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>A source's keys as the SDK asks for them: anew for each request, so that a long scan outlives any of them.</summary>
internal sealed class RenewedKeys(ISourceKeys keys, SourceSettings source, CancellationToken stop) : AWSCredentials
{
    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult(); // The SDK's own pipeline never asks so.

    public override async Task<ImmutableCredentials> GetCredentialsAsync() => await keys.OfAsync(source, stop).ConfigureAwait(false);
}
