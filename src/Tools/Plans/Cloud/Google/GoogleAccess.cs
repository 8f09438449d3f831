using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Google;

/// <summary>What a run gets of Google Cloud: a dummy identity made for it, and the gate that knows it.</summary>
internal static class GoogleAccess
{
    public static CloudAccess Open(CloudCredential credential, Func<CancellationToken, ValueTask<Credential>> issue, RunSecrets secrets, TimeProvider time)
    {
        var identity = (GoogleIdentity)credential.Identity;
        var use = new GoogleUse(credential.Account, identity.ServiceAccount ?? "plan@mcp-infra.internal", [.. credential.Endpoints.Select(text => Endpoint.TryParse(text, out var endpoint) ? endpoint : null).OfType<Endpoint>()])
        {
            Buckets = secrets.All("google_storage_bucket", "name").ToHashSet(StringComparer.Ordinal),
        };
        var fields = new CleanedFields(GoogleReads.Shipped.Always, GoogleReads.Shipped.Shaped);
        var gate = new GoogleGate(use, issue, body => AwsCleaner.Clean(body, fields, secrets), time);
        return new CloudAccess(gate, gate.Environment);
    }
}
