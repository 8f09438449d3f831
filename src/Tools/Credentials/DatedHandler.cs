namespace McpInfra.Tools.Credentials;

/// <summary>The transport to a token service: notes its clock, follows no redirect.</summary>
internal sealed class DatedHandler(HttpMessageHandler inner, TimeProvider time) : DelegatingHandler(inner)
{
    /// <summary>The service's clock at its last answer; null when it gave none.</summary>
    public DateTimeOffset? Date { get; private set; }

    /// <summary>Ours at that moment.</summary>
    public DateTimeOffset Here { get; private set; }

    /// <summary>The HTTP status of its last answer; null when there was none.</summary>
    public int? Status { get; private set; }

    /// <summary>Over the network.</summary>
    public static DatedHandler Open(TimeProvider time) => new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) }, time);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        (Date, Here, Status) = (answer.Headers.Date, time.GetUtcNow(), (int)answer.StatusCode);
        return answer;
    }
}
