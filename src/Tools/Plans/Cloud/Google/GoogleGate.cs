using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Google;

/// <summary>
/// Lets a run read settings of Google Cloud: a request passes when it carries the run's own dummy bearer, the table has it as a read, and it stays in the project;
/// it then goes out with the real bearer. Secrets, keys, objects, logs and queues are never reached.
/// </summary>
public sealed class GoogleGate : ICloudGate
{
    private readonly GoogleUse use;
    private readonly GoogleTokens tokens;
    private readonly GoogleBuckets buckets;
    private readonly Func<CancellationToken, ValueTask<Credential>> credential;
    private readonly Func<byte[], byte[]> clean;
    private readonly TimeProvider time;

    /// <param name="use">What the credential is bound to.</param>
    /// <param name="credential">The real credential, renewed as it must be.</param>
    /// <param name="clean">Takes out of an answer what must not come into the run.</param>
    /// <param name="time">The clock.</param>
    public GoogleGate(GoogleUse use, Func<CancellationToken, ValueTask<Credential>> credential, Func<byte[], byte[]> clean, TimeProvider time)
    {
        (this.use, this.credential, this.clean, this.time) = (use, credential, clean, time);
        tokens = new GoogleTokens(use);
        buckets = new GoogleBuckets(use, credential);
    }

    /// <summary>What the run's environment says of its identity: dummies all of them.</summary>
    public IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            var environment = new Dictionary<string, string>
            {
                ["GOOGLE_CREDENTIALS"] = $$$"""{"type":"external_account","audience":"//iam.googleapis.com/projects/0/locations/global/workloadIdentityPools/mcp-infra/providers/plan","subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"https://sts.googleapis.com/v1/token","credential_source":{"url":"http://{{{GoogleHosts.Metadata.Host}}}/subject"}}""",
                ["GCE_METADATA_HOST"] = GoogleHosts.Metadata.Host,
                ["CLOUDSDK_CORE_DISABLE_PROMPTS"] = "1",
            };
            if (use.Project is { } project)
            {
                environment["GOOGLE_PROJECT"] = environment["GOOGLE_CLOUD_PROJECT"] = project;
            }

            return environment;
        }
    }

    /// <inheritdoc/>
    public bool Governs(Endpoint endpoint) => use.Endpoints.Contains(endpoint) || GoogleHosts.Contains(endpoint);

    /// <inheritdoc/>
    public bool AllowsPlain(Endpoint endpoint) => endpoint == GoogleHosts.Metadata || use.Endpoints.Contains(endpoint);

    /// <inheritdoc/>
    public async ValueTask<GateDecision> DecideAsync(GateRequest request, CancellationToken stop)
    {
        try
        {
            return request.Endpoint == GoogleHosts.Metadata ? tokens.Serve(request)
                : request.Endpoint == GoogleHosts.TokenService ? await tokens.ExchangeAsync(request, stop)
                : request.Endpoint == GoogleHosts.Impersonation ? tokens.Impersonate(request, time)
                : (use.Endpoints.Contains(request.Endpoint) ? BoundService(request) : GoogleHosts.Service(request.Endpoint)) is { } service ? await ReadAsync(service, request, stop)
                : Refused(new CloudAction(request.Endpoint.Host, "", request.Method.ToLowerInvariant()), "the host serves data or identities, or is no API of the reviewed table");
        }
        catch (CredentialException exception)
        {
            return Refused(CloudAction.Unknown, "no credential: " + Bearers.Ascii(exception.Message));
        }
    }

    private async ValueTask<GateDecision> ReadAsync(string service, GateRequest request, CancellationToken stop)
    {
        if (RequestPath.Read(request.Target, slashes: service == "storage") is not { } path)
        {
            return Refused(new CloudAction(service, "", ""), "its path can be read in more than one way");
        }

        var (asked, fault) = GoogleReads.Shipped.Judge(service, request.Method, path, use.Project);
        if (tokens.Bearer.Fault(request) is { } unbelieved)
        {
            return Refused(asked, unbelieved);
        }

        if (fault is not null)
        {
            return Refused(asked, fault);
        }

        if (service == "storage" && path.Segments is [_, _, "b", var bucket, ..] && !await buckets.HasAsync(bucket, request, stop))
        {
            return Refused(asked, "the bucket is neither of the pinned project nor of the state");
        }

        var body = request.Method == "POST" ? await request.BodyAsync(stop) : [];
        return new GateDecision.Forward(asked, await Bearers.WithRealAsync(request, body, credential, clean, stop));
    }

    // A private endpoint or emulator serves every API; the path of most names its own.
    private static string BoundService(GateRequest request) =>
        RequestPath.Read(request.Target, slashes: true)?.Segments is [var first, ..] && GoogleReads.Shipped.Services.Contains(first) ? first : "unknown";

    private static GateDecision.Refuse Refused(CloudAction asked, string reason) =>
        new(asked, reason, Bearers.Json(403, new { error = new { code = 403, message = "mcp-infra: " + reason, status = "PERMISSION_DENIED" } }));
}

/// <summary>What a credential for Google Cloud is bound to.</summary>
/// <param name="Project">The one project; null for whichever the credential may read.</param>
/// <param name="ServiceAccount">The identity's e-mail; for code that asks who it is.</param>
/// <param name="Endpoints">Private endpoints that belong to it.</param>
public sealed record GoogleUse(string? Project, string ServiceAccount, IReadOnlyList<Endpoint> Endpoints)
{
    /// <summary>Buckets that the state has, whichever project they are in.</summary>
    public IReadOnlySet<string> Buckets { get; init; } = new HashSet<string>();
}
