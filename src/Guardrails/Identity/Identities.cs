using System.Collections.Concurrent;
using McpInfra.Guardrails.Agents;

namespace McpInfra.Guardrails.Identity;

/// <summary>One organisation, one agent type: what the operator started the server with. Sessions are kept by id, the oldest dropped past a bound.</summary>
public sealed class Identities(string organization, AgentType agent, bool enforced, Freeze freeze, TimeProvider time) : IIdentities
{
    private const string Guard = "identity";
    private const int MostSessions = 10_000;
    private readonly ConcurrentDictionary<(string? Person, string Session), Session> sessions = new();

    /// <inheritdoc/>
    public string Organization => organization;

    /// <inheritdoc/>
    public Identified Identify(Peer peer)
    {
        var session = sessions.GetOrAdd((peer.Person, peer.Session), key => new Session(key.Session, time.GetUtcNow()));
        if (sessions.Count > MostSessions)
        {
            DropOldest();
        }

        var caller = new Caller(organization, peer.Person, agent, session, peer.Client, enforced);
        return freeze.IsFrozen
            ? new(caller, Verdict.Deny(Guard, "the server is frozen", "A person ends the freeze with `mcp-infra thaw`"))
            : peer.Person is null && peer.Transport != "schedule"
                ? new(null, Verdict.Deny(Guard, "the caller is not known", "Connect as an authenticated person"))
                : new(caller, Verdict.Allow);
    }

    private void DropOldest()
    {
        foreach (var (key, _) in sessions.OrderBy(entry => entry.Value.Started).Take(MostSessions / 10))
        {
            sessions.TryRemove(key, out _);
        }
    }
}
