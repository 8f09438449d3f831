using Amazon.Runtime;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>An account's keys as the SDK asks for them: anew for each request, so that a long scan outlives any of them.</summary>
internal sealed class RenewedKeys(Func<ValueTask<ImmutableCredentials>> keys) : AWSCredentials
{
    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult(); // The SDK's own pipeline never asks so.

    public override async Task<ImmutableCredentials> GetCredentialsAsync() => await keys().ConfigureAwait(false);
}
