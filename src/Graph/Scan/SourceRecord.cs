using System.Data.Common;
using Dapper;
using McpInfra.Storage;

namespace McpInfra.Graph.Scan;

/// <summary>What is known of a source when a scan of it begins.</summary>
internal sealed class SourceRecord
{
    private SourceRecord(DbConnection connection, string organization, SourceSettings source, long now)
    {
        var parameters = new { organization, source.Name };
        WasScanned = connection.ExecuteScalar<long?>("SELECT scanned_at FROM graph_source WHERE organization = @organization AND name = @Name", parameters) is not null;
        LastNode = connection.ExecuteScalar<long?>("SELECT max(node) FROM graph_resource") ?? 0;
        IsFresh = connection.ExecuteScalar<long?>("SELECT 1 FROM graph_contribution WHERE organization = @organization AND source = @Name LIMIT 1", parameters) is null
            && connection.ExecuteScalar<long?>("SELECT 1 FROM graph_relation WHERE organization = @organization AND source = @Name LIMIT 1", parameters) is null;
        Findings = new FindingWriter(connection, organization, source.Name, now);
        Documents = new DocumentWriter(connection, organization, source.Name);
        Costs = new CostWriter(connection, organization, source.Name);
        Told = Told.Load(connection, organization, source.Name);
        Digests = new Digests(Told.Key, string.Join('\n', source.Kind, source.Environment));
        Progress = new ListingProgress(connection, organization, source.Name, now, Digests.Common);
    }

    /// <summary>Whether a scan of it ever ended.</summary>
    public bool WasScanned { get; }

    /// <summary>The newest node then.</summary>
    public long LastNode { get; }

    /// <summary>Whether neither a resource nor a relation of it is stored.</summary>
    public bool IsFresh { get; }

    public FindingWriter Findings { get; }

    public DocumentWriter Documents { get; }

    public CostWriter Costs { get; }

    public Told Told { get; }

    public Digests Digests { get; }

    public ListingProgress Progress { get; }

    /// <summary>Makes the source known and reads what is known of it.</summary>
    public static SourceRecord Load(Database database, string organization, SourceSettings source, long now)
    {
        database.Write(connection => connection.Execute(
            """
            INSERT INTO graph_source (organization, name, kind, repository, stack) VALUES (@organization, @Name, @Kind, @Repository, @Stack)
            ON CONFLICT (organization, name) DO UPDATE SET kind = excluded.kind, repository = excluded.repository, stack = excluded.stack
            WHERE graph_source.kind <> excluded.kind OR graph_source.repository IS DISTINCT FROM excluded.repository OR graph_source.stack IS DISTINCT FROM excluded.stack
            """, new { organization, source.Name, source.Kind, source.Repository, source.Stack }));
        using var reading = database.Read();
        return new SourceRecord(reading, organization, source, now);
    }
}
