using System.Data.Common;
using System.Globalization;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Documents;
using McpInfra.Graph.Correlation;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>Writes the documents of one scan of one source: what is as it was is not written.</summary>
internal sealed class DocumentWriter
{
    private readonly string organization;
    private readonly string source;
    private readonly Dictionary<string, UInt128> stored;
    private readonly Dictionary<(string Path, string Kind, string Name), UInt128> entities;
    private readonly HashSet<string> seen = [];
    private readonly HashSet<(string, string, string)> seenEntities = [];

    public DocumentWriter(DbConnection connection, string organization, string source)
    {
        (this.organization, this.source) = (organization, source);
        stored = connection.Query<(string Path, byte[] Hash)>("SELECT path, hash FROM graph_page WHERE organization = @organization AND source = @source", new { organization, source })
            .ToDictionary(row => row.Path, row => Fingerprint.Read(row.Hash));
        entities = connection.Query<(string Path, string Kind, string Name, long Line, string? Owner, string? System)>(
            "SELECT path, kind, name, line, owner, system FROM graph_entity WHERE organization = @organization AND source = @source", new { organization, source })
            .ToDictionary(row => (row.Path, row.Kind, row.Name), row => Hash(row.Line, row.Owner, row.System));
    }

    public bool IsNew(Document document)
    {
        seen.Add(document.Path);
        return !stored.TryGetValue(document.Path, out var hash) || hash != Hash(document);
    }

    public bool IsNew(string path, CatalogEntity entity) =>
        seenEntities.Add((path, entity.Kind, entity.Name)) && (!entities.TryGetValue((path, entity.Kind, entity.Name), out var hash) || hash != Hash(entity.Line, entity.Owner, entity.System));

    public void Store(DbConnection connection, Document document)
    {
        new DocumentRemoval(connection, organization, source).One(document.Path);
        var page = connection.ExecuteScalar<long>(
            """
            INSERT INTO graph_page (organization, source, repository, path, kind, title, owner, hash) VALUES (@organization, @source, @Repository, @Path, @kind, @Title, @Owner, @hash) RETURNING page
            """, new { organization, source, document.Repository, document.Path, kind = DocumentKinds.Name(document.Kind), document.Title, document.Owner, hash = Fingerprint.Bytes(Hash(document)) });
        foreach (var passage in document.Passages)
        {
            connection.Execute("INSERT INTO graph_passage (page, line, title, heading, text) VALUES (@page, @Line, @Title, @Heading, @Text)", new { page, passage.Line, document.Title, passage.Heading, passage.Text });
        }
    }

    public void Store(DbConnection connection, string path, CatalogEntity entity) => connection.Execute(
        """
        INSERT INTO graph_entity (organization, source, path, kind, name, line, owner, system) VALUES (@organization, @source, @path, @Kind, @Name, @Line, @Owner, @System)
        ON CONFLICT (organization, source, path, kind, name) DO UPDATE SET line = excluded.line, owner = excluded.owner, system = excluded.system
        """, new { organization, source, path, entity.Kind, entity.Name, entity.Line, entity.Owner, entity.System });

    /// <summary>Takes away what a complete listing no longer names.</summary>
    public void Sweep(DbConnection connection, IReadOnlyList<Observation.Complete> complete)
    {
        if (complete.FirstOrDefault(scope => scope.Type == "*") is not { } whole)
        {
            return;
        }

        foreach (var path in stored.Keys.Where(path => !seen.Contains(path)))
        {
            new DocumentRemoval(connection, organization, source).One(path);
        }

        foreach (var (path, kind, name) in entities.Keys.Where(key => !seenEntities.Contains(key) && !whole.Except.Contains(key.Path)))
        {
            connection.Execute("DELETE FROM graph_entity WHERE organization = @organization AND source = @source AND path = @path AND kind = @kind AND name = @name", new { organization, source, path, kind, name });
            new LinkMark(connection, organization).Clear();
        }
    }

    private static UInt128 Hash(Document document) => Fingerprint.Of(
        [DocumentKinds.Name(document.Kind), document.Title, document.Owner, .. document.Passages.SelectMany(passage => new[] { passage.Heading, passage.Line.ToString(CultureInfo.InvariantCulture), passage.Text })]);

    private static UInt128 Hash(long line, string? owner, string? system) => Fingerprint.Of(line.ToString(CultureInfo.InvariantCulture), owner, system);
}
