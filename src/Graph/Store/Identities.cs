using System.Data.Common;
using Dapper;

namespace McpInfra.Graph.Store;

/// <summary>Which node an id or alias means. An id always means its own resource; an alias only when it is the one that fits.</summary>
internal sealed class Identities(DbConnection connection, string organization)
{
    private sealed record Candidate(long Node, bool IsId, string Id, string Type, string? Account, string? Region, long? GoneAt);

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
            var (account, region) = connection.QuerySingle<(string?, string?)>("SELECT account, region FROM graph_resource WHERE node = @peer", new { peer });
            left = [.. left.Where(candidate => Fits(candidate.Account, account) && Fits(candidate.Region, region))];
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
        && connection.QueryFirstOrDefault<int?>(
            "SELECT 1 FROM graph_contribution WHERE node = @Node AND organization = @organization AND source = @source AND key <> @id", new { candidate.Node, organization, source, id }) is null;

    private List<Candidate> Candidates(string key) => [.. connection.Query<(long Node, bool IsId, string Id, string Type, string? Account, string? Region, long? GoneAt)>(
        """
        SELECT r.node, a.is_id, r.id, r.type, r.account, r.region, r.gone_at
        FROM graph_alias a JOIN graph_resource r ON r.node = a.node
        WHERE a.organization = @organization AND a.key = @key ORDER BY r.node LIMIT 50
        """, new { organization, key }).Select(row => new Candidate(row.Node, row.IsId, row.Id, row.Type, row.Account, row.Region, row.GoneAt))];

    private static bool Fits(string? one, string? other) => one is null || other is null || one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
