using System.Collections.Concurrent;

namespace McpInfra.Guardrails.Credentials;

/// <summary>
/// Keeps each credential for the one caller, intent and target that it was issued for, an hour at most, and asks for the next one before it ends.
/// A renewal that fails leaves the old one in use while it is good. Of any number of callers at once, one asks.
/// </summary>
/// <param name="issuer">Issues, and records each issue.</param>
/// <param name="time">The clock.</param>
/// <param name="most">Credentials kept.</param>
public sealed class CachedCredentials(ICredentials issuer, TimeProvider time, int most = 256) : ICredentials
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Key, Place> places = new();

    /// <inheritdoc/>
    public async ValueTask<Credential> For(Caller caller, CredentialIntent intent, Target target, CancellationToken stop)
    {
        var key = new Key(caller.Organization, caller.Person, caller.Agent.Name, caller.Session.Id, intent, target.Type, target.Id);
        var place = places.GetOrAdd(key, _ => new Place());
        if (place.Held is { } held && held.Renew > time.GetUtcNow())
        {
            return held.Credential;
        }

        MakeRoom(key);
        await place.Asking.WaitAsync(stop);
        try
        {
            // Whoever waited finds what the first one got.
            held = place.Held;
            return held is not null && held.Renew > time.GetUtcNow() ? held.Credential : await IssueAsync(place, caller, intent, target, stop);
        }
        finally
        {
            place.Asking.Release();
        }
    }

    private async Task<Credential> IssueAsync(Place place, Caller caller, CredentialIntent intent, Target target, CancellationToken stop)
    {
        try
        {
            var credential = await issuer.For(caller, intent, target, stop);
            place.Held = Held.Of(credential, time.GetUtcNow());
            return credential;
        }
        catch (CredentialException) when (place.Held is { } old && old.End - Least > time.GetUtcNow())
        {
            place.Held = old with { Renew = time.GetUtcNow() + Pause };
            return old.Credential;
        }
    }

    // What has ended goes first, then what ends soonest; never the one that is asked for.
    private void MakeRoom(Key asked)
    {
        if (places.Count <= most)
        {
            return;
        }

        foreach (var (key, _) in places.Where(place => place.Key != asked).OrderBy(place => place.Value.Held?.End ?? DateTimeOffset.MinValue).Take(places.Count - most).ToList())
        {
            places.TryRemove(key, out _);
        }
    }

    private sealed record Key(string Organization, string? Person, string Agent, string Session, CredentialIntent Intent, string Type, string Id);

    private sealed record Held(Credential Credential, DateTimeOffset Renew, DateTimeOffset End)
    {
        public static Held Of(Credential credential, DateTimeOffset now)
        {
            var end = credential.Expires is { } expires && expires < now + Longest ? expires : now + Longest;
            var early = (end - now) / 6 is var sixth && sixth < Early ? sixth : Early;
            return new Held(credential, end - early, end);
        }
    }

    private sealed class Place
    {
        private Held? held;

        public SemaphoreSlim Asking { get; } = new(1);

        public Held? Held
        {
            get => Volatile.Read(ref held);
            set => Volatile.Write(ref held, value);
        }
    }
}
