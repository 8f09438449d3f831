using System.Data.Common;
using System.Globalization;
using McpInfra.Graph.Store;
using McpInfra.Storage;

namespace McpInfra.Graph.Snapshot;

/// <summary>Reads what snapshots hold out of the record, within the connection's transaction.</summary>
internal sealed class RecordReader(DbConnection connection, string organization)
{
    private const string Findings = "SELECT DISTINCT node FROM graph_finding_link WHERE organization = @organization";
    private const string OfRelation = "WHERE organization = @organization AND from_node IS NOT NULL AND to_node IS NOT NULL AND doubted = 0";
    private const int Chunk = 500;

    // For few nodes of many SQLite's planner would read an index of the whole organisation.
    private readonly Dialect dialect = Dialect.Of(connection);

    private string Rows => $"SELECT node, id, name, type, provider, account, region, environment, managed, changed_at, tags FROM graph_resource {dialect.Either("NOT INDEXED", "")} WHERE organization = @organization AND gone_at IS NULL";

    /// <summary>The record's newest version and its mark; zeros when nothing was ever written.</summary>
    public (long Version, long Mark) Newest()
    {
        var newest = (0L, 0L);
        Read("SELECT version, mark FROM graph_journal WHERE organization = @organization ORDER BY version DESC LIMIT 1", row => newest = (row.GetInt64(0), row.GetInt64(1)));
        return newest;
    }

    /// <summary>Nodes whose row changed after a version, and those whose relations did; null when the record cannot tell.</summary>
    public (HashSet<long> Rows, HashSet<long> Relations)? Since(long version, long mark)
    {
        var (known, any) = (false, false);
        var (rows, relations) = (new HashSet<long>(), new HashSet<long>());
        Read(
            "SELECT version, mark, nodes FROM graph_journal WHERE organization = @organization AND version >= @version ORDER BY version",
            row =>
            {
                if (row.GetInt64(0) == version)
                {
                    known = row.GetInt64(1) == mark;
                }
                else if (row.IsDBNull(2))
                {
                    any = true;
                }
                else
                {
                    JournalEntry.Unpack((byte[])row[2], rows, relations);
                }
            },
            version);
        return known && !any ? (rows, relations) : null;
    }

    /// <summary>When the source that was read longest ago was read, in Unix milliseconds; 0 when none was.</summary>
    public long AsOf()
    {
        var time = 0L;
        Read("SELECT min(scanned_at) FROM graph_source WHERE organization = @organization", row => time = row.NumberAt(0) ?? 0);
        return time;
    }

    /// <summary>Everything, into a builder.</summary>
    public SnapshotBuilder Everything()
    {
        var builder = new SnapshotBuilder();
        Read(Rows, row => builder.Add(Row(row), RowTags.Read(row.GetString(10))));
        Read(Findings, row => builder.Finding(row.GetInt64(0)));
        var types = new Dictionary<string, RelationType>(StringComparer.Ordinal);
        Read($"SELECT from_node, type, to_node FROM graph_relation {OfRelation}", row => builder.Relate(row.GetInt64(0), Type(row.GetString(1), types), row.GetInt64(2)));
        return builder;
    }

    /// <summary>Live rows among the nodes, with tags and findings.</summary>
    public Dictionary<long, OverlayRow> RowsOf(IEnumerable<long> nodes)
    {
        var found = new Dictionary<long, OverlayRow>();
        foreach (var list in Lists(nodes))
        {
            Read($"{Rows} AND node IN ({list})", row => found.Add(row.GetInt64(0), new OverlayRow(Row(row), RowTags.Read(row.GetString(10)))));
            Read($"{Findings} AND node IN ({list})", row =>
            {
                if (found.TryGetValue(row.GetInt64(0), out var holder))
                {
                    holder.HasFindings = true;
                }
            });
        }

        return found;
    }

    /// <summary>Relations of which an end is among the nodes.</summary>
    public HashSet<(long From, RelationType Type, long To)> RelationsOf(IEnumerable<long> nodes)
    {
        var found = new HashSet<(long, RelationType, long)>();
        var types = new Dictionary<string, RelationType>(StringComparer.Ordinal);
        foreach (var list in Lists(nodes))
        {
            foreach (var end in new[] { "from", "to" })
            {
                Read($"SELECT from_node, type, to_node FROM graph_relation {dialect.IndexedBy($"graph_relation_{end}")} {OfRelation} AND {end}_node IN ({list})", row => found.Add((row.GetInt64(0), Type(row.GetString(1), types), row.GetInt64(2))));
            }
        }

        return found;
    }

    private static IEnumerable<string> Lists(IEnumerable<long> nodes) => nodes.Chunk(Chunk).Select(chunk => string.Join(',', chunk.Select(node => node.ToString(CultureInfo.InvariantCulture))));

    private static RelationType Type(string name, Dictionary<string, RelationType> types)
    {
        if (!types.TryGetValue(name, out var type))
        {
            types.Add(name, type = Vocabulary.Find(name)!.Value);
        }

        return type;
    }

    private static SnapshotRow Row(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.TextAt(5), row.TextAt(6), row.TextAt(7), row.GetInt64(8) != 0, row.GetInt64(9));

    private void Read(string query, Action<DbDataReader> each, long? version = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        Add(command, "@organization", organization);
        if (version is { } from)
        {
            Add(command, "@version", from);
        }

        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            each(reader);
        }
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
