using System.Data.Common;

namespace McpInfra.Graph.Store;

/// <summary>What is stored of a resource that is to be merged.</summary>
internal sealed class StoredNode(byte[] facts, byte[] hash, long? goneAt)
{
    private const int MostAddresses = 200;

    /// <summary>What one source tells of it.</summary>
    /// <param name="Rank">Whose word counts first.</param>
    /// <param name="Key">The form in which its id is compared.</param>
    /// <param name="Body">As <see cref="ResourceDocument"/>.</param>
    /// <param name="GoneAt">When the source no longer named it.</param>
    /// <param name="IsDocument">Whether the body is the document's.</param>
    internal sealed record Contribution(int Rank, string Key, string Body, long? GoneAt, bool IsDocument);

    internal sealed record Address(string Text, bool IsPart, string? Owner);

    public byte[] Facts => facts;

    public byte[] Hash => hash;

    public bool IsLive => goneAt is null;

    /// <summary>The document; null for a resource that was never merged.</summary>
    public string? Document { get; private set; }

    public string? Text { get; private set; }

    public string? Drift { get; private set; }

    /// <summary>The most trusted first.</summary>
    public List<Contribution> Contributions { get; } = [];

    /// <summary>Those of whole resources first.</summary>
    public List<Address> Addresses { get; } = [];

    /// <summary>Names by which it is known, and whether each is its id.</summary>
    public Dictionary<string, bool> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads many at once; what was united with another since it was touched is left out.</summary>
    public static Dictionary<long, StoredNode> Read(Statements sql, IReadOnlyCollection<long> nodes)
    {
        var found = new Dictionary<long, StoredNode>();
        var (among, list) = (sql.Dialect.InList("@nodes"), sql.Dialect.List(nodes));
        Each($"SELECT node, facts, hash, gone_at FROM graph_resource WHERE node {among}", row => found.Add(row.GetInt64(0), new StoredNode((byte[])row[1], (byte[])row[2], row.NumberAt(3))));
        Each($"SELECT node, body FROM graph_document WHERE node {among}", row => Of(row).Document = row.GetString(1));
        Each($"SELECT node, text FROM graph_text WHERE node {among}", row => Of(row).Text = row.GetString(1));
        Each($"SELECT node, attributes FROM graph_drift WHERE node {among}", row => Of(row).Drift = row.GetString(1));
        Each($"SELECT node, key, is_id FROM graph_alias WHERE node {among}", row => Of(row).Names[row.GetString(1)] = row.GetInt64(2) == 1);
        Each(
            $"SELECT node, rank, key, body, gone_at FROM graph_contribution WHERE node {among} ORDER BY node, rank, source, key",
            row => Of(row).Contributions.Add(new Contribution(row.GetInt32(1), row.GetString(2), row.GetString(3) is { Length: > 0 } body ? body : Of(row).Document!, row.NumberAt(4), row.GetString(3).Length == 0)));
        Each(
            $"SELECT node, address, part, owner FROM graph_managed WHERE node {among} ORDER BY node, part, source, state, address",
            row =>
            {
                if (Of(row).Addresses is { Count: < MostAddresses } addresses)
                {
                    addresses.Add(new Address(row.GetString(1), row.GetInt64(2) == 1, row.TextAt(3)));
                }
            });
        return found;

        void Each(string query, Action<DbDataReader> read) => sql.Each(query, read, ("nodes", list));

        StoredNode Of(DbDataReader row) => found[row.GetInt64(0)];
    }
}
