using System.Data.Common;
using Dapper;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Correlation;

/// <summary>Links findings to resources: by id or alias, by code address, by unique name, else by the file and line that declare the resource.</summary>
internal sealed class FindingLinks(DbConnection connection, string organization, NodeWriter nodes)
{
    private sealed record Row(string Source, string Id, string? Key, string? File, int? Line, long? Node, string? Repository);

    public void Run()
    {
        var rows = connection.Query<(string Source, string Id, string? Key, string? File, int? Line, long? Node, string? Repository)>(
            """
            SELECT f.source, f.id, f.key, f.file, f.line, f.node, s.repository FROM graph_finding f
            LEFT JOIN graph_source s ON s.organization = f.organization AND s.name = f.source WHERE f.organization = @organization
            """, new { organization }).Select(row => new Row(row.Source, row.Id, row.Key, row.File, row.Line, row.Node, row.Repository)).ToList();
        foreach (var row in rows)
        {
            var node = Node(row);
            if (node != row.Node)
            {
                connection.Execute("UPDATE graph_finding SET node = @node WHERE organization = @organization AND source = @Source AND id = @Id", new { organization, row.Source, row.Id, node });
            }
        }
    }

    private long? Node(Row row) =>
        (row.Key is { } key ? nodes.Resolve(key) ?? ByAddress(key) ?? ByName(key) : null)
        ?? (row.File is { } file && row.Line is { } line ? ByPlace(file, line, row.Repository) : null);

    private long? ByAddress(string address) =>
        Only("SELECT DISTINCT node FROM graph_managed WHERE organization = @organization AND address = @text AND node IS NOT NULL LIMIT 2", address);

    private long? ByName(string name) =>
        Only("SELECT node FROM graph_resource WHERE organization = @organization AND name = @text COLLATE NOCASE AND gone_at IS NULL LIMIT 2", name);

    private long? Only(string query, string text) => connection.Query<long>(query, new { organization, text }).AsList() is [var only] ? only : null;

    /// <summary>The one resource whose block holds the line. Scanners name files from the repository's root or from the folder they were started in.</summary>
    private long? ByPlace(string file, int line, string? repository) => connection.Query<long>(
        """
        SELECT DISTINCT node FROM graph_managed INDEXED BY graph_managed_file
        WHERE organization = @organization AND node IS NOT NULL AND line <= @line AND end_line >= @line AND (@repository IS NULL OR repository = @repository)
            AND (file = @file OR substr(file, -length(@file) - 1) = '/' || @file) LIMIT 2
        """, new { organization, file, line, repository }).AsList() is [var only] ? only : null;
}
