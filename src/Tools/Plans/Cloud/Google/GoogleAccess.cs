using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Google;

/// <summary>What a run gets of Google Cloud: a dummy identity made for it, and the gate that knows it.</summary>
internal static class GoogleAccess
{
    public static CloudAccess Open(CloudCredential credential, Func<CloudCredential, CancellationToken, ValueTask<Credential>> issue, RunSecrets secrets, TimeProvider time)
    {
        var identity = (GoogleIdentity)credential.Identity;
        var use = new GoogleUse(credential.Account ?? throw new InvalidOperationException("A plan's credential for Google Cloud names its project."), identity.ServiceAccount ?? "plan@mcp-infra.internal", [.. credential.Endpoints.Select(text => Endpoint.TryParse(text, out var endpoint) ? endpoint : null).OfType<Endpoint>()])
        {
            Projects = secrets.All(type => type.StartsWith("google_", StringComparison.Ordinal), "project").ToHashSet(StringComparer.Ordinal),
            Buckets = secrets.All(type => type == "google_storage_bucket", "name").ToHashSet(StringComparer.Ordinal),
        };
        var gate = Gate(use, stop => issue(credential, stop), secrets, time);
        return new CloudAccess(gate, gate.Environment);
    }

    /// <summary>The gate of what a credential is bound to.</summary>
    public static BearerGate Gate(GoogleUse use, Func<CancellationToken, ValueTask<Credential>> issue, RunSecrets secrets, TimeProvider time) =>
        new(new GoogleApi(use, issue, time), GoogleReads.Shipped.Cleaned, issue, secrets);
}
