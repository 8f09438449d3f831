using Dapper;
using McpInfra.Graph.Hcl;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Queries;

/// <summary>Finds the resource that somebody means.</summary>
internal sealed class Resolver(GraphReader reader)
{
    private const int Most = 10;
    private const string HasCapitals = "a.key <> lower(a.key)"; // As the index says it.

    public Resolved Resolve(string resource)
    {
        var text = resource.Trim();
        var nodes = ById(text) is { Count: > 0 } exact ? exact : Union(ByAlias(text), ByAddress(text), ByName(text));
        var rows = nodes.Take(Most).Select(reader.Row).OfType<ResourceRow>().ToList();
        var live = rows.Where(row => row.GoneAt is null).ToList();
        var meant = live.Count > 0 ? live : rows;
        return meant.Count switch
        {
            1 => new Resolved(meant[0], [], []),
            0 => new Resolved(null, [], new Nearest(reader).To(text)),
            _ => new Resolved(null, meant, []) { More = nodes.Count > Most },
        };
    }

    public IReadOnlyList<string> Complete(string prefix, int max)
    {
        var (from, to) = (IdentityKey.Folded(prefix), IdentityKey.Folded(prefix) + "\uFFFF");
        return [.. reader.Connection.Query<string>(
            $"""
            SELECT value FROM (SELECT value FROM (
                SELECT DISTINCT name AS value FROM graph_resource {reader.Dialect.IndexedBy("graph_resource_name")}
                WHERE organization = @organization AND lower(name) >= @from AND lower(name) < @to AND gone_at IS NULL LIMIT @max) AS names
            UNION SELECT value FROM (
                SELECT a.key AS value FROM graph_alias a {Joined}
                WHERE a.organization = @organization AND a.key >= @from AND a.key < @to AND r.gone_at IS NULL LIMIT @max) AS keys
            UNION SELECT value FROM (
                SELECT a.key AS value FROM graph_alias a {WithCapitals} {Joined}
                WHERE a.organization = @organization AND {HasCapitals} AND lower(a.key) >= @from AND lower(a.key) < @to AND r.gone_at IS NULL LIMIT @max) AS capitals) AS found
            ORDER BY length(value), value LIMIT @max
            """, new { organization = reader.Organization, from, to, max })];
    }

    private string WithCapitals => reader.Dialect.IndexedBy("graph_alias_capitals");

    private string Joined => $"{reader.Dialect.Either("CROSS JOIN", "JOIN")} graph_resource r ON r.node = a.node";

    private List<long> ById(string text) => Nodes(
        "SELECT node FROM graph_alias WHERE organization = @organization AND key = @text AND is_id = 1", IdentityKey.Of(text));

    private List<long> ByAlias(string text) => Nodes(
        $"""
        SELECT node FROM graph_alias WHERE organization = @organization AND key = @text
        UNION SELECT a.node FROM graph_alias a {WithCapitals} WHERE a.organization = @organization AND {HasCapitals} AND lower(a.key) = @text LIMIT {Most + 1}
        """, IdentityKey.Folded(text));

    private List<long> ByName(string text) => Nodes(
        $"SELECT node FROM graph_resource {reader.Dialect.IndexedBy("graph_resource_name")} WHERE organization = @organization AND lower(name) = @text ORDER BY gone_at IS NOT NULL, type, id LIMIT {Most + 1}", IdentityKey.Folded(text));

    /// <summary>By the whole address; one without instance keys means every instance.</summary>
    private List<long> ByAddress(string text)
    {
        if (text.AsSpan().IndexOfAny('.', '/', ':') < 0) // Each engine has its own form: `module.a.b`, `stack/Logical`, `urn:…`.
        {
            return [];
        }

        var exact = Nodes("SELECT DISTINCT node FROM graph_managed WHERE organization = @organization AND address = @text AND node IS NOT NULL", text);
        return exact.Count > 0 || CodeAddress.WithoutKeys(text) != text
            ? exact
            : Nodes($"SELECT DISTINCT node FROM graph_managed WHERE organization = @organization AND address >= @text || '[' AND address < @text || '\\' AND node IS NOT NULL LIMIT {Most + 1}", text);
    }

    private List<long> Nodes(string query, string text) => reader.Connection.Query<long>(query, new { organization = reader.Organization, text }).AsList();

    private static List<long> Union(params List<long>[] nodes) => [.. nodes.SelectMany(list => list).Distinct()];
}

/// <summary>Whom somebody meant.</summary>
/// <param name="Found">The one, or null.</param>
/// <param name="Candidates">Several that were meant alike.</param>
/// <param name="Nearest">What comes near, when nothing was meant.</param>
public sealed record Resolved(ResourceRow? Found, IReadOnlyList<ResourceRow> Candidates, IReadOnlyList<ResourceRow> Nearest)
{
    /// <summary>Whether there are more candidates than those.</summary>
    public bool More { get; init; }
}
