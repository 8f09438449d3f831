using System.Data.Common;
using Dapper;
using McpInfra.Graph.Store;
using McpInfra.Storage;

namespace McpInfra.Graph.Correlation;

/// <summary>Joins what the layers know of each other: state with code, code with owners, findings with resources. Writes only what differs.</summary>
internal sealed class Correlator(DbConnection connection, string organization, ICodeSource? code, DateTimeOffset time)
{
    /// <summary>Correlates everything; answers how many addresses have a place in code, how many live resources nothing manages, and why which repositories could not be read.</summary>
    public (int Located, int Unmanaged, IReadOnlyDictionary<string, string> Unread) Run()
    {
        var nodes = new NodeWriter(connection, organization, time.ToUnixTimeMilliseconds());
        JoinWaiting(nodes);
        var unread = code is null ? new Dictionary<string, string>() : new CodePlaces(connection, organization, code, nodes).Run();
        nodes.Flush();
        new Doubts(connection, organization, nodes.Journal).Run();
        var links = new LinkMark(connection, organization);
        if (!links.IsUpToDate)
        {
            new CatalogOwners(connection, organization, nodes).Run();
            new FindingLinks(connection, organization, nodes).Run();
            new CostLinks(connection, organization, nodes).Run();
        }

        new Retention(connection, organization, time, nodes.Journal).Run();
        nodes.Flush();
        links.Set();
        var unmanaged = Dialect.Of(connection).IndexedBy("graph_resource_unmanaged");
        return (
            connection.ExecuteScalar<int>("SELECT count(*) FROM graph_managed WHERE organization = @organization AND file IS NOT NULL", new { organization }),
            connection.ExecuteScalar<int>($"SELECT count(*) FROM graph_resource {unmanaged} WHERE organization = @organization AND managed = 0 AND gone_at IS NULL", new { organization }),
            unread);
    }

    private void JoinWaiting(NodeWriter nodes)
    {
        foreach (var (source, state, address, key) in connection.Query<(string, string, string, string)>(
            "SELECT source, state, address, key FROM graph_managed WHERE organization = @organization AND node IS NULL", new { organization }).AsList())
        {
            if (nodes.Resolve(key) is { } node)
            {
                connection.Execute("UPDATE graph_managed SET node = @node WHERE organization = @organization AND source = @source AND state = @state AND address = @address", new { organization, source, state, address, node });
                nodes.Touch(node);
            }
        }
    }
}
