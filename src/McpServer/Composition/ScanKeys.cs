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
    public async ValueTask<ImmutableCredentials> OfAsync(SourceSettings source, AccountSettings account, string? member, CancellationToken stop)
    {
        var (id, secret, token) = (await ForAsync(source, account, member, stop)).RevealAws();
        return new ImmutableCredentials(id, secret, token);
    }

    /// <inheritdoc/>
    public async ValueTask<SourceSecret> OfAsync(SourceSettings source, AccountSettings account, CancellationToken stop)
    {
        var credential = await ForAsync(source, account, null, stop);
        return new SourceSecret(credential.Reveal(), credential.RevealKeyId());
    }

    private async ValueTask<Credential> ForAsync(SourceSettings source, AccountSettings account, string? member, CancellationToken stop)
    {
        var owner = CloudCredential.OwnerOf(source.Name, account.Name);
        var own = configured.First(credential => credential.Owner == owner);
        var credential = member is null ? own : own.In(member) ?? throw new SourceException($"Source {source.Name}: no role is named for the accounts of its organisation.");
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
