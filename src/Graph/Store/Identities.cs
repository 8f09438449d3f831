using System.Data.Common;

namespace McpInfra.Graph.Store;

/// <summary>Which node an id or alias means. An id always means its own resource; an alias only when it is the one that fits.</summary>
internal sealed class Identities(Statements sql, string organization, Func<long, string, string, bool?> pendingToldApart)
{
    private const int MostCandidates = 50;
    private const string Select = "SELECT r.node, a.is_id, r.id, r.type, r.account, r.region, r.gone_at, a.key FROM graph_alias a JOIN graph_resource r ON r.node = a.node";

    private readonly Dictionary<string, List<Candidate>> loaded = new(StringComparer.Ordinal);

    private sealed record Candidate(long Node, bool IsId, string Id, string Type, string? Account, string? Region, long? GoneAt);

    private sealed record Place(string? Account, string? Region);

    /// <summary>Reads at once what many keys mean, so that they are not asked for one by one.</summary>
    public void Load(IEnumerable<string> keys)
    {
        foreach (var chunk in keys.Where(key => !loaded.ContainsKey(key)).Distinct().ToList().Chunk(5000))
        {
            foreach (var key in chunk)
            {
                loaded[key] = [];
            }

            foreach (var (key, candidate) in sql.List(
                $"{Select} WHERE a.organization = @organization AND a.key {sql.Dialect.InList("@keys")} ORDER BY r.node",
                row => (row.GetString(7), Read(row)), ("organization", organization), ("keys", sql.Dialect.List(chunk))))
            {
                if (loaded[key] is { Count: < MostCandidates } candidates)
                {
                    candidates.Add(candidate);
                }
            }
        }
    }

    /// <summary>A node that is about to be written is known by its names from now on.</summary>
    public void Add(long node, StoredResource stored)
    {
        var resource = stored.Outline;
        foreach (var key in stored.OtherNames.Append(stored.Key).Where(key => key.Length > 0))
        {
            Candidates(key).Add(new Candidate(node, key == stored.Key, resource.Id, resource.Type, resource.Account, resource.Region, null));
        }
    }

    /// <summary>What was read of names may have changed.</summary>
    public void Forget() => loaded.Clear();

    /// <summary>Whether nothing is known by the name.</summary>
    public bool IsUnknown(string key) => Candidates(key).Count == 0;

    /// <summary>The node that a key means, or null when none or several do; the account and region of <paramref name="peer"/> decide between several.</summary>
    public long? Resolve(string key, long? peer = null)
    {
        var candidates = Candidates(key);
        if (candidates.FirstOrDefault(candidate => candidate.IsId) is { } exact)
        {
            return exact.Node;
        }

        var live = candidates.Where(candidate => candidate.GoneAt is null).ToList();
        var left = live.Count > 0 ? live : candidates;
        if (left.Count > 1 && peer is not null)
        {
            var place = sql.First("SELECT account, region FROM graph_resource WHERE node = @peer", row => new Place(row.TextAt(0), row.TextAt(1)), ("peer", peer));
            left = [.. left.Where(candidate => Fits(candidate.Account, place?.Account) && Fits(candidate.Region, place?.Region))];
        }

        return left.Count == 1 ? left[0].Node : null;
    }

    /// <summary>Nodes that are this very resource: by id whatever the type, by alias when type and place fit and no source tells them apart.</summary>
    public IReadOnlyList<long> Same(StoredResource stored, string source)
    {
        var (resource, id) = (stored.Outline, stored.Key);
        var found = new SortedSet<long>();
        foreach (var key in stored.OtherNames.Prepend(id))
        {
            foreach (var candidate in Candidates(key))
            {
                if ((candidate.IsId && key == id) || IsSame(resource, source, id, candidate))
                {
                    found.Add(candidate.Node);
                }
            }
        }

        return [.. found];
    }

    private bool IsSame(Resource resource, string source, string id, Candidate candidate) =>
        candidate.Type.Equals(resource.Type, StringComparison.OrdinalIgnoreCase)
        && Fits(candidate.Account, resource.Account) && Fits(candidate.Region, resource.Region)
        && !IdentityKey.AreRivals(IdentityKey.Of(candidate.Id), id)
        && !(pendingToldApart(candidate.Node, source, id) ?? sql.Number(
            "SELECT 1 FROM graph_contribution WHERE node = @node AND organization = @organization AND source = @source AND key <> @id",
            ("node", candidate.Node), ("organization", organization), ("source", source), ("id", id)) is not null);

    private List<Candidate> Candidates(string key)
    {
        if (!loaded.TryGetValue(key, out var candidates))
        {
            candidates = sql.List($"{Select} WHERE a.organization = @organization AND a.key = @key ORDER BY r.node LIMIT {MostCandidates}", Read, ("organization", organization), ("key", key));
            loaded.Add(key, candidates);
        }

        return candidates;
    }

    private static Candidate Read(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1) == 1, row.GetString(2), row.GetString(3), row.TextAt(4), row.TextAt(5), row.NumberAt(6));

    private static bool Fits(string? one, string? other) => one is null || other is null || one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
