using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>Credentials by the id of their target, remembered as they are asked for.</summary>
internal sealed class KnownCredentials : ICredentials
{
    public Dictionary<string, Credential> Known { get; } = [];

    public List<(CredentialIntent Intent, string Target)> Asked { get; } = [];

    public ValueTask<Credential> For(Caller caller, CredentialIntent intent, Target target, CancellationToken stop)
    {
        Asked.Add((intent, target.Id));
        return Known.TryGetValue(target.Id, out var credential) ? new(credential) : throw new CredentialException("No credential is configured for this.");
    }
}
