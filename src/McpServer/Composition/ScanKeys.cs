using Amazon.Runtime;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Budgets;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;

namespace McpInfra.Host.Composition;

/// <summary>Keys of sources, obtained as every credential is, for the person who scans.</summary>
internal sealed class ScanKeys(ICredentials credentials, Caller caller, IReadOnlyList<CloudCredential> configured) : ISourceKeys, ISourceSecrets
{
    /// <summary>Who scans: a person at a command line, or a schedule.</summary>
    public static Caller Caller(string organization, string? person, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var agent = new AgentType { Name = "scan", Tier = Tier.Observe, Allow = [], Budgets = new Budgets(Credentials: 10_000) };
        return new Caller(organization, person, agent, new Session("scan_" + Guid.CreateVersion7(now).ToString("N"), now), Client: null, Enforced: false);
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableCredentials> OfAsync(SourceSettings source, CancellationToken stop)
    {
        var (id, secret, token) = (await ForAsync(source, CloudCredential.OwnerOf(source.Name), stop)).RevealAws();
        return new ImmutableCredentials(id, secret, token);
    }

    /// <inheritdoc/>
    public async ValueTask<SourceSecret> OfAsync(SourceSettings source, AccountSettings account, CancellationToken stop)
    {
        var credential = await ForAsync(source, CloudCredential.OwnerOf(source.Name, account.Name), stop);
        return new SourceSecret(credential.Reveal(), credential.RevealKeyId());
    }

    private async ValueTask<Credential> ForAsync(SourceSettings source, string owner, CancellationToken stop)
    {
        var credential = configured.First(credential => credential.Owner == owner);
        try
        {
            return await credentials.For(caller, credential.Intent, credential.Target, stop);
        }
        catch (CredentialException refused)
        {
            throw new SourceException($"Source {source.Name}: {refused.Message}", refused);
        }
    }
}
