using System.Collections.Frozen;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Oci;

/// <summary>Where the details of a type are read: the search tells name, place, state and tags alone.</summary>
/// <param name="Service">Name of the service's host.</param>
/// <param name="Path">Path with `{id}` in it.</param>
internal sealed record OciDetail(string Service, string Path)
{
    private static readonly FrozenDictionary<string, OciDetail> ByType = EmbeddedTable.Rows("Oci", "details.txt")
        .ToFrozenDictionary(row => row[0], row => new OciDetail(row[1], row[2]), StringComparer.OrdinalIgnoreCase);

    /// <summary>The details of a type; null for one that the search is all of.</summary>
    public static OciDetail? Of(string type) => ByType.GetValueOrDefault(type);

    /// <summary>The path of one resource.</summary>
    public string PathOf(string id) => Path.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal);
}
