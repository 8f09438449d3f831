using System.Data.Common;
using Dapper;

namespace McpInfra.Graph.Correlation;

/// <summary>Remembers up to which version of the graph findings, charges and owners of a catalogue were linked, so that a scan which changed nothing links nothing anew. Whoever writes what links are made of, and no version, calls <see cref="Clear"/>.</summary>
internal sealed class LinkMark(DbConnection connection, string organization)
{
    private const string Here = "organization = @organization AND source = '' AND name = 'linked'";

    public bool IsUpToDate => connection.QueryFirstOrDefault<string>($"SELECT value FROM graph_fact WHERE {Here}", new { organization }) == Version;

    private string Version => connection.QueryFirstOrDefault<(long Version, long Mark)>(
        "SELECT version, mark FROM graph_journal WHERE organization = @organization ORDER BY version DESC LIMIT 1", new { organization }).ToString();

    /// <summary>Everything is linked as the graph is now.</summary>
    public void Set()
    {
        if (!IsUpToDate)
        {
            connection.Execute(
                "INSERT INTO graph_fact (organization, source, name, value) VALUES (@organization, '', 'linked', @version) ON CONFLICT (organization, source, name) DO UPDATE SET value = excluded.value",
                new { organization, version = Version });
        }
    }

    /// <summary>Something is to be linked.</summary>
    public void Clear() => connection.Execute($"DELETE FROM graph_fact WHERE {Here}", new { organization });
}
