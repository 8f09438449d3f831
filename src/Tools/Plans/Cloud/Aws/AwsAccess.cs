using System.Security.Cryptography;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>What a run gets of AWS: a dummy key made for it, and the gate that knows it.</summary>
internal static class AwsAccess
{
    private const string IdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static CloudAccess Open(CloudCredential credential, Func<CloudCredential, CancellationToken, ValueTask<Credential>> issue, RunSecrets secrets, TimeProvider time)
    {
        var dummy = new AwsKeys(
            "AKIA" + RandomNumberGenerator.GetString(IdLetters, 16), Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)), Convert.ToBase64String(RandomNumberGenerator.GetBytes(60)));
        var use = new AwsUse(credential.Account, [.. credential.Endpoints.Select(text => Endpoint.TryParse(text, out var endpoint) ? endpoint : null).OfType<Endpoint>()]);
        var gate = new AwsGate(dummy, use, async (service, stop) => Keys(await issue(service == "iam" ? credential.ForIam() : credential, stop)), secrets, time);
        return new CloudAccess(gate, new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = dummy.Id,
            ["AWS_SECRET_ACCESS_KEY"] = dummy.Secret,
            ["AWS_SESSION_TOKEN"] = dummy.Token!,
        });
    }

    private static AwsKeys Keys(Credential credential)
    {
        var (id, secret, token) = credential.RevealAws();
        return new AwsKeys(id, secret, token);
    }
}
