using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Azure;

/// <summary>What a run gets of Azure: a dummy identity made for it, and the gate that knows it.</summary>
internal static class AzureAccess
{
    private const string Nobody = "00000000-0000-0000-0000-000000000000";

    public static CloudAccess Open(CloudCredential credential, Func<CloudCredential, CancellationToken, ValueTask<Credential>> issue, RunSecrets secrets, TimeProvider time)
    {
        var identity = (AzureIdentity)credential.Identity;
        var use = new AzureUse(identity.National, identity.Tenant ?? Nobody, credential.Account ?? Nobody, ClientId(identity.Proof) ?? Nobody, [.. credential.Endpoints.Select(text => Endpoint.TryParse(text, out var endpoint) ? endpoint : null).OfType<Endpoint>()]);
        var gate = Gate(use, stop => issue(credential, stop), secrets, time);
        return new CloudAccess(gate, gate.Environment);
    }

    /// <summary>The gate of what a credential is bound to.</summary>
    public static BearerGate Gate(AzureUse use, Func<CancellationToken, ValueTask<Credential>> issue, RunSecrets secrets, TimeProvider time) =>
        new(new AzureApi(use, issue, time), AzureReads.Shipped.Cleaned, issue, secrets);

    private static string? ClientId(AzureProof? proof) => proof switch
    {
        AzureProof.ManagedIdentity managed => managed.ClientId,
        AzureProof.WorkloadIdentity workload => workload.ClientId,
        AzureProof.ClientSecret secret => secret.ClientId,
        _ => null,
    };
}
