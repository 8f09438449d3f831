using System.Data.Common;
using System.Globalization;
using Dapper;
using McpInfra.Graph.Hcl;
using McpInfra.Graph.Store;
using McpInfra.Storage;

namespace McpInfra.Graph.Correlation;

/// <summary>
/// Links findings to resources: by id or alias, by code address, by unique name, else by the file and line that declare them. A block that declares several links to all of them.
/// Then it joins what several runs and tools say of one rule and resource.
/// </summary>
internal sealed class FindingLinks(DbConnection connection, string organization, NodeWriter nodes)
{
    private const int MostInstances = 100;

    private readonly Dictionary<string, List<long>> named = new(StringComparer.Ordinal);
    private readonly Lazy<DeclaredPlaces> places = new(() => new DeclaredPlaces(connection, organization));

    private sealed record Row(string Source, string Id, string Rule, string? Key, string? Others, string? File, int? Line, string Title, bool IsOpen, string Same, string? Repository);

    public void Run()
    {
        var rows = connection.Query<(string Source, string Id, string Rule, string? Key, string? Others, string? File, int? Line, string Title, string Status, string Same, string? Repository)>(
            """
            SELECT f.source, f.id, f.rule, f.key, f.others, f.file, f.line, f.title, f.status, f.same, s.repository FROM graph_finding f
            LEFT JOIN graph_source s ON s.organization = f.organization AND s.name = f.source WHERE f.organization = @organization ORDER BY f.source, f.id
            """, new { organization })
            .Select(row => new Row(row.Source, row.Id, row.Rule, row.Key, row.Others, row.File, row.Line, row.Title, row.Status == "open", row.Same, row.Repository)).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        nodes.Expect(rows.SelectMany(row => row.Others?.Split('\n').Append(row.Key) ?? [row.Key]).OfType<string>());
        var (open, ended) = (Links("graph_finding_link"), Links("graph_finding_ended_link"));
        var counts = new Dictionary<(string Source, UInt128 Subject), int>();
        foreach (var row in rows)
        {
            var wanted = Nodes(row).Distinct().Order().ToList();
            Link("graph_finding_link", row, [.. open[(row.Source, row.Id)]], row.IsOpen ? wanted : []);
            Link("graph_finding_ended_link", row, [.. ended[(row.Source, row.Id)]], row.IsOpen ? [] : wanted);
            Join(row, wanted, counts);
        }
    }

    /// <summary>One rule on one resource is one finding, whoever reports it; a source that tells several of them apart means several.</summary>
    private void Join(Row row, List<long> found, Dictionary<(string, UInt128), int> counts)
    {
        var subject = found.Count > 0
            ? Fingerprint.Of(RuleName.Of(row.Rule), string.Join(' ', found))
            : Fingerprint.Of(RuleName.Of(row.Rule), row.Key ?? row.File, row.Key is null ? row.Line?.ToString(CultureInfo.InvariantCulture) ?? row.Title : null);
        var nth = counts[(row.Source, subject)] = counts.GetValueOrDefault((row.Source, subject)) + 1;
        var same = Fingerprint.Of(subject.ToString("x32", CultureInfo.InvariantCulture), nth.ToString(CultureInfo.InvariantCulture)).ToString("x32", CultureInfo.InvariantCulture);
        if (same != row.Same)
        {
            connection.Execute("UPDATE graph_finding SET same = @same WHERE organization = @organization AND source = @Source AND id = @Id", new { organization, row.Source, row.Id, same });
        }
    }

    private ILookup<(string Source, string Id), long> Links(string table) =>
        connection.Query<(string Source, string Id, long Node)>($"SELECT source, id, node FROM {table} WHERE organization = @organization", new { organization }).ToLookup(row => (row.Source, row.Id), row => row.Node);

    private void Link(string table, Row row, HashSet<long> stored, List<long> wanted)
    {
        foreach (var node in stored.Except(wanted))
        {
            connection.Execute($"DELETE FROM {table} WHERE node = @node AND organization = @organization AND source = @Source AND id = @Id", new { organization, row.Source, row.Id, node });
            nodes.Journal.Row(node);
        }

        foreach (var node in wanted.Except(stored))
        {
            connection.Execute($"INSERT INTO {table} (organization, source, id, node) VALUES (@organization, @Source, @Id, @node)", new { organization, row.Source, row.Id, node });
            nodes.Journal.Row(node);
        }
    }

    private List<long> Nodes(Row row)
    {
        if (row.Key is { } key)
        {
            List<long> named = [.. Named(key), .. row.Others?.Split('\n').SelectMany(Named) ?? []];
            if (named.Count > 0)
            {
                return named;
            }
        }

        return row.File is { } file && row.Line is { } line ? places.Value.Find(file, line, row.Repository, MostInstances) : [];
    }

    // Many findings speak of one resource.
    private List<long> Named(string key) => named.TryGetValue(key, out var known) ? known : named[key] = Meant(key);

    private List<long> Meant(string key) => nodes.Resolve(key) is { } node ? [node] : ByAddress(key) is { Count: > 0 } addressed ? addressed : ByName(key);

    /// <summary>By the whole address; one without instance keys means every instance.</summary>
    private List<long> ByAddress(string address)
    {
        var exact = Query("SELECT DISTINCT node FROM graph_managed WHERE organization = @organization AND address = @text AND node IS NOT NULL", address);
        return exact.Count > 0 || CodeAddress.WithoutKeys(address) != address
            ? exact
            : Query("SELECT DISTINCT node FROM graph_managed WHERE organization = @organization AND address >= @text || '[' AND address < @text || '\\' AND node IS NOT NULL", address);
    }

    private List<long> ByName(string name) =>
        Query($"SELECT node FROM graph_resource {Dialect.Of(connection).IndexedBy("graph_resource_name")} WHERE organization = @organization AND lower(name) = @text AND gone_at IS NULL", IdentityKey.Folded(name)) is [var only] ? [only] : [];

    private List<long> Query(string query, string text) => connection.Query<long>($"{query} LIMIT {MostInstances}", new { organization, text }).AsList();
}
