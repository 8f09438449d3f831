using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>Writes a request anew and signs it with the real credential. Of the run's own fields only those go out that mean something to AWS.</summary>
/// <param name="credential">The real credential for requests to a service, renewed as it must be.</param>
/// <param name="time">The clock.</param>
internal sealed class AwsSigner(Func<string, CancellationToken, ValueTask<AwsKeys>> credential, TimeProvider time)
{
    private const string UserAgent = "mcp-infra";

    private static readonly HashSet<string> GoesOut = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Type", "Accept", "X-Amz-Target", "Smithy-Protocol", "X-Amz-Account-Id", "X-Amz-Expected-Bucket-Owner", "X-Amz-Request-Payer", "X-Amz-Object-Attributes",
        "X-Amz-Optional-Object-Attributes", "X-Amz-Max-Parts", "X-Amz-Checksum-Mode", "X-Amzn-Query-Mode", "X-Amz-Outpost-Id",
    };

    /// <summary>Whether a field of the run's request goes out.</summary>
    public static bool Forwards(string field) => GoesOut.Contains(field);

    /// <summary>The run's request, signed anew.</summary>
    public ValueTask<ForwardedRequest> SignAsync(GateRequest request, SigningScope scope, IReadOnlyList<KeyValuePair<string, string>> query, byte[] body, CancellationToken stop) =>
        SignAsync(request.Endpoint, request.IsSecure, request.Method, request.Path, scope, query, [.. request.Fields.Where(field => Forwards(field.Name))], body, stop);

    /// <summary>A request of our own, signed.</summary>
    public async ValueTask<ForwardedRequest> SignAsync(
        Endpoint endpoint, bool secure, string method, string path, SigningScope scope, IReadOnlyList<KeyValuePair<string, string>> query, IReadOnlyList<HttpField> fields, byte[] body, CancellationToken stop)
    {
        var keys = await credential(scope.Service, stop);
        var now = SignatureV4.Time(time.GetUtcNow());
        scope = scope with { Date = now[..8] };
        var payload = SignatureV4.HashOf(body);
        List<HttpField> written = [.. fields, new("X-Amz-Date", now), new("X-Amz-Content-Sha256", payload)];
        if (keys.Token is { } token)
        {
            written.Add(new("X-Amz-Security-Token", token));
        }

        List<HttpField> signed = [.. written, new("host", endpoint.Port == (secure ? 443 : 80) ? endpoint.ToString()[..endpoint.ToString().LastIndexOf(':')] : endpoint.ToString())];
        var names = signed.Select(field => field.Name.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal).ToList();
        var signature = SignatureV4.Of(SignatureV4.Canonical(scope.Service, method, path, query, names, signed, payload), scope, now, keys.Secret);
        written.Add(new("Authorization", $"{SignatureV4.Algorithm} Credential={keys.Id}/{scope}, SignedHeaders={string.Join(';', names)}, Signature={signature}"));
        written.Add(new("User-Agent", UserAgent));
        return new ForwardedRequest(method, query.Count == 0 ? path : $"{path}?{SignatureV4.Query(query)}", written, body);
    }
}
