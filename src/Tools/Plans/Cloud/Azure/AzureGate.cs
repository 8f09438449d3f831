using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Azure;

/// <summary>
/// Lets a run read settings through Azure's resource management: a request passes when it carries the run's own dummy bearer, the table has it as a read, and it stays in the subscription;
/// it then goes out with the real bearer. Vaults, storage, registries and whatever else holds data or keys are never reached.
/// </summary>
public sealed class AzureGate : ICloudGate
{
    private const int MostQuestion = 1 << 10;

    private readonly AzureUse use;
    private readonly AzureTokens tokens;
    private readonly Func<CancellationToken, ValueTask<Credential>> credential;
    private readonly Func<byte[], byte[]> clean;

    /// <param name="use">What the credential is bound to.</param>
    /// <param name="credential">The real credential, renewed as it must be.</param>
    /// <param name="clean">Takes out of an answer what must not come into the run.</param>
    /// <param name="time">The clock.</param>
    public AzureGate(AzureUse use, Func<CancellationToken, ValueTask<Credential>> credential, Func<byte[], byte[]> clean, TimeProvider time)
    {
        (this.use, this.credential, this.clean) = (use, credential, clean);
        tokens = new AzureTokens(use, credential, time);
    }

    /// <summary>What the run's environment says of its identity: dummies all of them.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["ARM_CLIENT_ID"] = use.ClientId,
        ["ARM_TENANT_ID"] = use.Tenant,
        ["ARM_SUBSCRIPTION_ID"] = use.Subscription,
        ["ARM_ENVIRONMENT"] = use.National.ToString().ToLowerInvariant(),
        ["ARM_USE_OIDC"] = "true",
        ["ARM_OIDC_TOKEN"] = tokens.Assertion,
        ["ARM_USE_MSI"] = "false",
        ["ARM_MSI_ENDPOINT"] = $"http://{AzureHosts.Identity.Host}/metadata/identity/oauth2/token",
        ["IDENTITY_ENDPOINT"] = $"http://{AzureHosts.Identity.Host}/msi/token",
        ["IDENTITY_HEADER"] = tokens.IdentityHeader,
        ["ARM_USE_CLI"] = "false",
        ["ARM_STORAGE_USE_AZUREAD"] = "true",
        ["ARM_SKIP_PROVIDER_REGISTRATION"] = "true",
        ["ARM_RESOURCE_PROVIDER_REGISTRATIONS"] = "none",
        ["ARM_DISABLE_TERRAFORM_PARTNER_ID"] = "true",
    };

    /// <inheritdoc/>
    public bool Governs(Endpoint endpoint) => use.Endpoints.Contains(endpoint) || AzureHosts.Contains(endpoint);

    /// <inheritdoc/>
    public bool AllowsPlain(Endpoint endpoint) => endpoint == AzureHosts.Identity || use.Endpoints.Contains(endpoint);

    /// <inheritdoc/>
    public async ValueTask<GateDecision> DecideAsync(GateRequest request, CancellationToken stop)
    {
        try
        {
            return request.Endpoint == AzureHosts.Identity ? await tokens.ManagedAsync(request, stop)
                : AzureHosts.IsLogin(request.Endpoint) ? await tokens.LoginAsync(request, stop)
                : use.Endpoints.Contains(request.Endpoint) || AzureHosts.IsManagement(request.Endpoint, use.National) ? await ManageAsync(request, stop)
                : Refused(new CloudAction(request.Endpoint.Host, "", request.Method.ToLowerInvariant()), "the host serves data, keys, identities or another cloud; plans reach resource management alone");
        }
        catch (CredentialException exception)
        {
            return Refused(CloudAction.Unknown, "no credential: " + Bearers.Ascii(exception.Message));
        }
    }

    private async ValueTask<GateDecision> ManageAsync(GateRequest request, CancellationToken stop)
    {
        if (RequestPath.Read(request.Target) is not { } path)
        {
            return Refused(CloudAction.Unknown, "its path can be read in more than one way");
        }

        var (asked, fault) = AzureReads.Shipped.Judge(request.Method, path, use.Subscription);
        if ((tokens.Bearer is { } bearer ? bearer.Fault(request) : "no token was issued to the run yet") is { } unbelieved)
        {
            return Refused(asked, unbelieved);
        }

        if (fault is not null)
        {
            return Refused(asked, fault);
        }

        var body = request.Method == "POST" ? await request.BodyAsync(stop) : [];
        return body.Length > MostQuestion ? Refused(asked, "a question about a name is shorter")
            : new GateDecision.Forward(asked, await Bearers.WithRealAsync(request, body, credential, clean, stop));
    }

    private static GateDecision.Refuse Refused(CloudAction asked, string reason) =>
        new(asked, reason, Bearers.Json(403, new { error = new { code = "AuthorizationFailed", message = "mcp-infra: " + reason } }));
}

/// <summary>What a credential for Azure is bound to.</summary>
/// <param name="National">Which of Azure's clouds.</param>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Subscription">The one subscription.</param>
/// <param name="ClientId">The identity's application; for code that asks who it is.</param>
/// <param name="Endpoints">Private endpoints of resource management that belong to it.</param>
public sealed record AzureUse(AzureCloud National, string Tenant, string Subscription, string ClientId, IReadOnlyList<Endpoint> Endpoints);
