using System.Collections.Frozen;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Oci;

/// <summary>Where the details of a type are read: the search tells name, place, state and tags alone.</summary>
/// <param name="Service">Name of the service's host.</param>
/// <param name="Path">Path with `{id}` in it, or `{name}` and the tenancy's `{namespace}`.</param>
internal sealed record OciDetail(string Service, string Path)
{
    private static readonly FrozenDictionary<string, OciDetail> ByType = EmbeddedTable.Rows("Oci", "details.txt")
        .ToFrozenDictionary(row => row[0], row => new OciDetail(row[1], row[2]), StringComparer.OrdinalIgnoreCase);

    /// <summary>The details of a type; null for one that the search is all of.</summary>
    public static OciDetail? Of(string type) => ByType.GetValueOrDefault(type);

    /// <summary>Whether the path names the tenancy's namespace.</summary>
    public bool IsInNamespace => Path.Contains("{namespace}", StringComparison.Ordinal);

    /// <summary>The path of one resource.</summary>
    public string PathOf(string id, string name, string within) => Path.Replace("{namespace}", Uri.EscapeDataString(within), StringComparison.Ordinal)
        .Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal).Replace("{name}", Uri.EscapeDataString(name), StringComparison.Ordinal);
}
