using System.Text.Json.Nodes;
using McpInfra.Guardrails.Audit;

namespace McpInfra.Guardrails.Credentials;

/// <summary>Asks the source that serves the target, within the session's budget and after the trail has recorded it.</summary>
public sealed class AuditedCredentials(IReadOnlyList<ICredentialSource> sources, IAuditTrail trail, TimeProvider time) : ICredentials
{
    /// <inheritdoc/>
    public async ValueTask<Credential> For(Caller caller, CredentialIntent intent, Target target, CancellationToken stop)
    {
        var source = sources.FirstOrDefault(source => source.Serves(target))
            ?? throw new CredentialException("No credential is configured for this. Set `app` or `token_env` of the repository's forge in the configuration.");
        if (!caller.Session.Spent.TryTakeCredential(caller.Agent.Budgets))
        {
            throw new CredentialException("The budget credentials of this session is spent. Stop here and tell the person what is done and what is left.");
        }

        // A credential whose issue cannot be recorded is not issued.
        await trail.EventAsync(Entry(caller, intent, target, source), stop);
        return await source.IssueAsync(intent, target, stop);
    }

    private AuditEntry Entry(Caller caller, CredentialIntent intent, Target target, ICredentialSource source) => new()
    {
        Call = "credential_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
        Organization = caller.Organization,
        Person = caller.Person,
        Agent = caller.Agent.Name,
        Session = caller.Session.Id,
        Client = caller.Client,
        Operation = "credential issued",
        Arguments = new JsonObject { ["intent"] = intent.ToString(), ["target"] = target.Id, ["from"] = source.Description },
    };
}
