namespace McpInfra.Tools.Proposals.Forges.GitHub;

/// <summary>Lets requests go to one origin only, so that its credential goes nowhere else, not even by a redirect.</summary>
internal sealed class OneHost(Uri api, CancellationToken stop) : DelegatingHandler(new SocketsHttpHandler
{
    AllowAutoRedirect = false,
    ConnectTimeout = TimeSpan.FromSeconds(10),
    MaxResponseHeadersLength = 64,
})
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } address || address.Scheme != api.Scheme || !string.Equals(address.Authority, api.Authority, StringComparison.OrdinalIgnoreCase))
        {
            throw new ForgeException("The forge redirected to another host, and its credential goes to the configured one only. Correct `forge.api` and `forge.repository` in the configuration.");
        }

        // Octokit's clients take no token of ours; this is where a caller who gives up is heard.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);
        return await base.SendAsync(request, either.Token);
    }
}
