using System.Data.Common;
using Dapper;

namespace McpInfra.Graph.Store;

/// <summary>Takes documents of a source out of the store.</summary>
internal sealed class DocumentRemoval(DbConnection connection, string organization, string source)
{
    /// <summary>All of them.</summary>
    public void All()
    {
        foreach (var path in connection.Query<string>("SELECT path FROM graph_page WHERE organization = @organization AND source = @source", new { organization, source }).AsList())
        {
            One(path);
        }
    }

    /// <summary>The one at a path, if there is one.</summary>
    public void One(string path)
    {
        var page = connection.QueryFirstOrDefault<long?>("SELECT page FROM graph_page WHERE organization = @organization AND source = @source AND path = @path", new { organization, source, path });
        if (page is null)
        {
            return;
        }

        connection.Execute("DELETE FROM graph_passage WHERE page = @page", new { page });
        connection.Execute("DELETE FROM graph_page WHERE page = @page", new { page });
    }
}
