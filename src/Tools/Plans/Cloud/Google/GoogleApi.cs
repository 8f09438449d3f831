using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Google;

/// <summary>Google Cloud: settings are read through the APIs of the table, within the project. Secrets, keys, objects, logs and queues are never reached.</summary>
internal sealed class GoogleApi(GoogleUse use, Func<CancellationToken, ValueTask<Credential>> credential, TimeProvider time) : IBearerCloud
{
    private readonly GoogleTokens tokens = new(use);
    private readonly GooglePins pins = new(use, credential);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["GOOGLE_CREDENTIALS"] = $$$"""{"type":"external_account","audience":"//iam.googleapis.com/projects/0/locations/global/workloadIdentityPools/mcp-infra/providers/plan","subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"https://sts.googleapis.com/v1/token","credential_source":{"url":"http://{{{GoogleHosts.Metadata.Host}}}/subject"}}""",
        ["GCE_METADATA_HOST"] = GoogleHosts.Metadata.Host,
        ["CLOUDSDK_CORE_DISABLE_PROMPTS"] = "1",
        ["GOOGLE_PROJECT"] = use.Project,
        ["GOOGLE_CLOUD_PROJECT"] = use.Project,
    };

    /// <inheritdoc/>
    public RunBearer? Bearer => tokens.Bearer;

    /// <inheritdoc/>
    public bool Governs(Endpoint endpoint) => use.Endpoints.Contains(endpoint) || GoogleHosts.Contains(endpoint);

    /// <inheritdoc/>
    public bool AllowsPlain(Endpoint endpoint) => endpoint == GoogleHosts.Metadata || use.Endpoints.Contains(endpoint);

    /// <inheritdoc/>
    public async ValueTask<GateDecision?> IdentityAsync(GateRequest request, CancellationToken stop) =>
        request.Endpoint == GoogleHosts.Metadata ? tokens.Serve(request)
        : request.Endpoint == GoogleHosts.TokenService ? await tokens.ExchangeAsync(request, stop)
        : request.Endpoint == GoogleHosts.Impersonation ? tokens.Impersonate(request, time)
        : null;

    /// <inheritdoc/>
    public BearerAsked Read(GateRequest request)
    {
        if ((use.Endpoints.Contains(request.Endpoint) ? BoundService(request) : GoogleHosts.Service(request.Endpoint)) is not { } service)
        {
            return new BearerAsked(new CloudAction(request.Endpoint.Host, "", request.Method.ToLowerInvariant()), "", null, "the host serves data or identities, or is no API of the reviewed table");
        }

        return RequestPath.Read(request.Target, slashes: service == "storage") is { } path ? GoogleReads.Shipped.Judge(service, request.Method, path)
            : new BearerAsked(new CloudAction(service, "", ""), service, null, "its path can be read in more than one way");
    }

    /// <inheritdoc/>
    public ValueTask<string?> ElsewhereAsync(GateRequest request, BearerAsked asked, CancellationToken stop) => pins.FaultAsync(request, asked, stop);

    /// <inheritdoc/>
    public GateReply Denied(string reason) => Bearers.Json(403, new { error = new { code = 403, message = "mcp-infra: " + reason, status = "PERMISSION_DENIED" } });

    // A private endpoint or emulator serves every API; the path of most names its own.
    private static string BoundService(GateRequest request) =>
        RequestPath.Read(request.Target, slashes: true)?.Segments is [var first, ..] && GoogleReads.Shipped.Services.Contains(first) ? first : "unknown";
}

/// <summary>What a credential for Google Cloud is bound to.</summary>
/// <param name="Project">The one project.</param>
/// <param name="ServiceAccount">The identity's e-mail; for code that asks who it is.</param>
/// <param name="Endpoints">Private endpoints that belong to it.</param>
public sealed record GoogleUse(string Project, string ServiceAccount, IReadOnlyList<Endpoint> Endpoints)
{
    /// <summary>Projects that the state's resources are in besides.</summary>
    public IReadOnlySet<string> Projects { get; init; } = new HashSet<string>();

    /// <summary>Buckets that the state has, whichever project they are in.</summary>
    public IReadOnlySet<string> Buckets { get; init; } = new HashSet<string>();
}
