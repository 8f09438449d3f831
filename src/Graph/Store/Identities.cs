namespace McpInfra.Graph.Store;

/// <summary>Which node an id or alias means. An id always means its own resource; an alias only when it is the one that fits.</summary>
internal sealed class Identities(Statements sql, string organization)
{
    private sealed record Candidate(long Node, bool IsId, string Id, string Type, string? Account, string? Region, long? GoneAt);

    private sealed record Place(string? Account, string? Region);

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
    public IReadOnlyList<long> Same(Resource resource, string source)
    {
        var id = IdentityKey.Of(resource.Id);
        var found = new SortedSet<long>();
        foreach (var key in resource.Aliases.Select(IdentityKey.Of).Prepend(id).Distinct())
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
        && sql.Number(
            "SELECT 1 FROM graph_contribution WHERE node = @node AND organization = @organization AND source = @source AND key <> @id",
            ("node", candidate.Node), ("organization", organization), ("source", source), ("id", id)) is null;

    private List<Candidate> Candidates(string key) => sql.List(
        """
        SELECT r.node, a.is_id, r.id, r.type, r.account, r.region, r.gone_at
        FROM graph_alias a JOIN graph_resource r ON r.node = a.node
        WHERE a.organization = @organization AND a.key = @key ORDER BY r.node LIMIT 50
        """,
        row => new Candidate(row.GetInt64(0), row.GetInt64(1) == 1, row.GetString(2), row.GetString(3), row.TextAt(4), row.TextAt(5), row.NumberAt(6)),
        ("organization", organization), ("key", key));

    private static bool Fits(string? one, string? other) => one is null || other is null || one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
