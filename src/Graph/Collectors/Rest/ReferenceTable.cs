using System.Collections.Frozen;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>
/// What an id inside a resource's configuration says of the two: by the types of both, by the member that holds it, by the type named, by the naming type; else that one uses the other.
/// A row: the naming type, `*` or `.member`; the named type or `*`; the relation, or `none`; `to` when it runs from the naming to the named one, else `from`.
/// </summary>
internal sealed class ReferenceTable
{
    private readonly FrozenDictionary<(string From, string To), (RelationType? Type, bool Forward)> rows;

    public ReferenceTable(string folder) => rows = EmbeddedTable.Rows(folder, "references.txt").ToFrozenDictionary(
        row => (row[0], row[1]), row => (Vocabulary.Find(row[2]), row[3] == "to"), Either.Case);

    /// <summary>Whether a type is named by some row.</summary>
    public bool Knows(string type) => rows.Keys.Any(key => key.From.Equals(type, StringComparison.OrdinalIgnoreCase) || key.To.Equals(type, StringComparison.OrdinalIgnoreCase));

    /// <summary>The relation between a resource and one that it names; null when naming it says nothing.</summary>
    public Relation? Of((string Id, string Type) naming, string member, (string Id, string Type) named)
    {
        if (naming.Id.Equals(named.Id, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var (type, forward) = Row(naming.Type, named.Type) ?? Row("." + member, named.Type) ?? Row("." + member, "*") ?? Row("*", named.Type) ?? Row(naming.Type, "*") ?? (RelationType.Uses, true);
        return type is not { } told ? null : forward ? new Relation(naming.Id, told, named.Id) : new Relation(named.Id, told, naming.Id);
    }

    /// <summary>The relation between two of which either may have been named by the other: as a row for the pair says, else one for either alone. False when there is no such row.</summary>
    public bool Between((string Id, string Type) one, (string Id, string Type) other, out Relation? relation)
    {
        var straight = rows.ContainsKey((one.Type, other.Type)) || (!rows.ContainsKey((other.Type, one.Type)) && rows.ContainsKey(("*", other.Type)));
        var known = straight || rows.ContainsKey((other.Type, one.Type)) || rows.ContainsKey(("*", one.Type));
        relation = !known ? null : straight ? Of(one, "", other) : Of(other, "", one);
        return known;
    }

    private (RelationType? Type, bool Forward)? Row(string from, string to) => rows.TryGetValue((from, to), out var row) ? row : null;

    private sealed class Either : IEqualityComparer<(string, string)>
    {
        public static Either Case { get; } = new();

        public bool Equals((string, string) one, (string, string) other) =>
            one.Item1.Equals(other.Item1, StringComparison.OrdinalIgnoreCase) && one.Item2.Equals(other.Item2, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string, string) pair) => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(pair.Item1), StringComparer.OrdinalIgnoreCase.GetHashCode(pair.Item2));
    }
}
