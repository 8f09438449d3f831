using System.Data.Common;
using Dapper;
using McpInfra.Graph.Hcl;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Correlation;

/// <summary>Links findings to resources: by id or alias, by code address, by unique name, else by the file and line that declare them. A block that declares several links to all of them.</summary>
internal sealed class FindingLinks(DbConnection connection, string organization, NodeWriter nodes)
{
    private const int MostInstances = 100;

    private sealed record Row(string Source, string Id, string? Key, string? File, int? Line, string? Repository);

    public void Run()
    {
        var rows = connection.Query<(string Source, string Id, string? Key, string? File, int? Line, string? Repository)>(
            """
            SELECT f.source, f.id, f.key, f.file, f.line, s.repository FROM graph_finding f
            LEFT JOIN graph_source s ON s.organization = f.organization AND s.name = f.source WHERE f.organization = @organization
            """, new { organization }).Select(row => new Row(row.Source, row.Id, row.Key, row.File, row.Line, row.Repository)).ToList();
        foreach (var row in rows)
        {
            Link(row, [.. Nodes(row)]);
        }
    }

    private void Link(Row row, HashSet<long> wanted)
    {
        var stored = connection.Query<long>("SELECT node FROM graph_finding_link WHERE organization = @organization AND source = @Source AND id = @Id", new { organization, row.Source, row.Id }).ToHashSet();
        foreach (var node in stored.Except(wanted))
        {
            connection.Execute("DELETE FROM graph_finding_link WHERE node = @node AND organization = @organization AND source = @Source AND id = @Id", new { organization, row.Source, row.Id, node });
            nodes.Journal.Row(node);
        }

        foreach (var node in wanted.Except(stored))
        {
            connection.Execute("INSERT INTO graph_finding_link (organization, source, id, node) VALUES (@organization, @Source, @Id, @node)", new { organization, row.Source, row.Id, node });
            nodes.Journal.Row(node);
        }
    }

    private List<long> Nodes(Row row)
    {
        if (row.Key is { } key)
        {
            var named = nodes.Resolve(key) is { } node ? [node] : ByAddress(key) is { Count: > 0 } addressed ? addressed : ByName(key);
            if (named.Count > 0)
            {
                return named;
            }
        }

        return row.File is { } file && row.Line is { } line ? ByPlace(file, line, row.Repository) : [];
    }

    /// <summary>By the whole address; one without instance keys means every instance.</summary>
    private List<long> ByAddress(string address)
    {
        var exact = Query("SELECT DISTINCT node FROM graph_managed WHERE organization = @organization AND address = @text AND node IS NOT NULL", address);
        return exact.Count > 0 || CodeAddress.WithoutKeys(address) != address
            ? exact
            : Query("SELECT DISTINCT node FROM graph_managed WHERE organization = @organization AND address >= @text || '[' AND address < @text || '\\' AND node IS NOT NULL", address);
    }

    private List<long> ByName(string name) =>
        Query("SELECT node FROM graph_resource WHERE organization = @organization AND name = @text COLLATE NOCASE AND gone_at IS NULL", name) is [var only] ? [only] : [];

    private List<long> Query(string query, string text) => connection.Query<long>($"{query} LIMIT {MostInstances}", new { organization, text }).AsList();

    /// <summary>Scanners name files from the repository's root, from the folder they were started in, or in full; a name that fits several files means none.</summary>
    private List<long> ByPlace(string file, int line, string? repository)
    {
        var places = connection.Query<(long Node, string File)>(
            $"""
            SELECT DISTINCT node, file FROM graph_managed INDEXED BY graph_managed_file
            WHERE organization = @organization AND file IS NOT NULL AND node IS NOT NULL AND line <= @line AND end_line >= @line AND (@repository IS NULL OR repository = @repository)
                AND (file = @file OR substr(file, -length(@file) - 1) = '/' || @file OR substr(@file, -length(file) - 1) = '/' || file) LIMIT {MostInstances}
            """, new { organization, file, line, repository }).AsList();
        var exact = places.Where(place => place.File == file).ToList();
        var meant = exact.Count > 0 ? exact : places;
        return meant.Select(place => place.File).Distinct().Count() == 1 ? [.. meant.Select(place => place.Node)] : [];
    }
}
