using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Azure;

/// <summary>Azure: settings are read through resource management alone. Vaults, storage, registries and whatever else holds data or keys are never reached.</summary>
internal sealed class AzureApi(AzureUse use, Func<CancellationToken, ValueTask<Credential>> credential, TimeProvider time) : IBearerCloud
{
    private readonly AzureTokens tokens = new(use, credential, time);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["ARM_CLIENT_ID"] = use.ClientId,
        ["ARM_TENANT_ID"] = use.Tenant,
        ["ARM_SUBSCRIPTION_ID"] = use.Subscription,
        ["ARM_ENVIRONMENT"] = use.National.ToString().ToLowerInvariant(),
        ["ARM_USE_OIDC"] = "true",
        ["ARM_OIDC_TOKEN"] = tokens.Assertion,
        ["ARM_OIDC_REQUEST_URL"] = $"http://{AzureHosts.Identity.Host}/oidc/token?api-version=2.0",
        ["ARM_OIDC_REQUEST_TOKEN"] = tokens.IdentityHeader,
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
    public RunBearer? Bearer => tokens.Bearer;

    /// <inheritdoc/>
    public bool Governs(Endpoint endpoint) => use.Endpoints.Contains(endpoint) || AzureHosts.Contains(endpoint);

    /// <inheritdoc/>
    public bool AllowsPlain(Endpoint endpoint) => endpoint == AzureHosts.Identity || use.Endpoints.Contains(endpoint);

    /// <inheritdoc/>
    public async ValueTask<GateDecision?> IdentityAsync(GateRequest request, CancellationToken stop) =>
        request.Endpoint == AzureHosts.Identity ? await tokens.ManagedAsync(request, stop) : AzureHosts.IsLogin(request.Endpoint) ? await tokens.LoginAsync(request, stop) : null;

    /// <inheritdoc/>
    public BearerAsked Read(GateRequest request)
    {
        if (!use.Endpoints.Contains(request.Endpoint) && !AzureHosts.IsManagement(request.Endpoint, use.National))
        {
            return new BearerAsked(new CloudAction(request.Endpoint.Host, "", request.Method.ToLowerInvariant()), "", null, "the host serves data, keys, identities or another cloud; plans reach resource management alone")
            {
                Secret = AzureHosts.IsVault(request.Endpoint) && RequestPath.Read(request.Target) is { } asked ? AzureReads.Shipped.OfVault(request.Method, request.Endpoint.Host, asked) : null,
            };
        }

        var target = AzureReads.Shipped.WithoutSecrets(request.Method, request.Target);
        return RequestPath.Read(target) is { } path ? AzureReads.Shipped.Judge(request.Method, path) with { Instead = target }
            : new BearerAsked(CloudAction.Unknown, "", null, "its path can be read in more than one way");
    }

    /// <inheritdoc/>
    public ValueTask<string?> ElsewhereAsync(GateRequest request, BearerAsked asked, CancellationToken stop) => new(
        asked.Path?.Segments is [var first, var named, ..] && first.Equals("subscriptions", StringComparison.OrdinalIgnoreCase) && !named.Equals(use.Subscription, StringComparison.OrdinalIgnoreCase)
            ? "it is of another subscription than the credential is pinned to" : null);

    /// <inheritdoc/>
    public GateReply Denied(string reason) => Bearers.Json(403, new { error = new { code = "AuthorizationFailed", message = "mcp-infra: " + reason } });
}

/// <summary>What a credential for Azure is bound to.</summary>
/// <param name="National">Which of Azure's clouds.</param>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Subscription">The one subscription.</param>
/// <param name="ClientId">The identity's application; for code that asks who it is.</param>
/// <param name="Endpoints">Private endpoints of resource management that belong to it.</param>
public sealed record AzureUse(AzureCloud National, string Tenant, string Subscription, string ClientId, IReadOnlyList<Endpoint> Endpoints);
