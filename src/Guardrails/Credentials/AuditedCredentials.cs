using System.Text.Json.Nodes;
using McpInfra.Guardrails.Audit;

namespace McpInfra.Guardrails.Credentials;

/// <summary>Asks the source that serves the intent on the target, within the session's budget and after the trail has recorded it.</summary>
public sealed class AuditedCredentials(IReadOnlyList<ICredentialSource> sources, IAuditTrail trail, TimeProvider time) : ICredentials
{
    /// <inheritdoc/>
    public async ValueTask<Credential> For(Caller caller, CredentialIntent intent, Target target, CancellationToken stop)
    {
        var source = sources.FirstOrDefault(source => source.Serves(intent, target)) ?? throw new CredentialException(
            target.Type == "repository" ? "No credential is configured for this. Set `app` or `token_env` of the repository's forge in the configuration."
            : "No credential is configured for this. Name one under `credentials` of the source or stack in the configuration.");
        if (!caller.Session.Spent.TryTakeCredential(caller.Agent.Budgets))
        {
            throw new CredentialException("The budget credentials of this session is spent. Stop here and tell the person what is done and what is left.");
        }

        // A credential whose issue cannot be recorded is not issued.
        var entry = Entry(caller, intent, target, source);
        await trail.EventAsync(entry, stop);
        try
        {
            return await source.IssueAsync(intent, target, stop);
        }
        catch (CredentialException refused)
        {
            await trail.EventAsync(entry with { Operation = "credential not issued", Arguments = With(entry.Arguments!, refused.Message) }, stop);
            throw;
        }
    }

    private static JsonNode With(JsonNode arguments, string reason)
    {
        var more = arguments.DeepClone();
        more["reason"] = reason;
        return more;
    }

    private AuditEntry Entry(Caller caller, CredentialIntent intent, Target target, ICredentialSource source) => AuditEntry.Event(
        caller,
        "credential_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
        "credential issued",
        new JsonObject { ["intent"] = intent.ToString(), ["target"] = target.Id, ["from"] = source.Description });
}
