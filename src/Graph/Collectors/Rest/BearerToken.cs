using System.Net.Http.Headers;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>Signs with an account's bearer token, obtained anew for each request.</summary>
internal sealed class BearerToken(ISourceSecrets secrets, SourceSettings source, AccountSettings account) : IRequestSigner
{
    public async ValueTask SignAsync(HttpRequestMessage request, CancellationToken stop) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await secrets.OfAsync(source, account, stop)).Reveal());
}
