using System.Collections.Concurrent;
using McpInfra.Guardrails.Agents;

namespace McpInfra.Guardrails.Identity;

/// <summary>One organisation, one agent type: what the operator started the server with. Sessions are kept by person and id, those longest unused dropped past a bound.</summary>
public sealed class Identities(string organization, AgentType agent, bool enforced, Freeze freeze, TimeProvider time) : IIdentities
{
    private const string Guard = "identity";
    private const int MostSessions = 10_000;
    private readonly ConcurrentDictionary<string, Known> sessions = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Organization => organization;

    /// <inheritdoc/>
    public Identified Identify(Peer peer)
    {
        if (peer.Person is null && peer.Transport != "schedule")
        {
            return new(null, Verdict.Deny(Guard, "the caller is not known", "Connect as an authenticated person"));
        }

        var caller = new Caller(organization, peer.Person, agent, SessionOf(peer), peer.Client, enforced);
        return freeze.IsFrozen ? new(caller, Verdict.Deny(Guard, "the server is frozen", "A person ends the freeze with `mcp-infra thaw`")) : new(caller, Verdict.Allow);
    }

    private Session SessionOf(Peer peer)
    {
        var key = $"{peer.Person?.Length} {peer.Person} {peer.Session}"; // The length first, so that no other pair is the same.
        if (!sessions.TryGetValue(key, out var known))
        {
            known = sessions.GetOrAdd(key, static (_, started) => new Known(new Session(started.Id, started.Now)), (Id: peer.Session, Now: time.GetUtcNow()));
            if (sessions.Count > MostSessions)
            {
                DropIdle();
            }
        }

        known.LastUsed = time.GetTimestamp();
        return known.Session;
    }

    private void DropIdle()
    {
        foreach (var (key, _) in sessions.OrderBy(entry => entry.Value.LastUsed).Take(MostSessions / 10))
        {
            sessions.TryRemove(key, out _);
        }
    }

    private sealed class Known(Session session)
    {
        public Session Session => session;

        public long LastUsed { get; set; } = long.MaxValue;
    }
}
