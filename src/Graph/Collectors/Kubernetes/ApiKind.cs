namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>A kind of objects that a cluster lists.</summary>
/// <param name="Path">Path of the listing over all namespaces.</param>
/// <param name="Group">API group; empty for the core.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Plural">As permissions name it.</param>
internal sealed record ApiKind(string Path, string Group, string Kind, string Plural)
{
    /// <summary>The type: `v1/Pod`, `apps/Deployment`.</summary>
    public string Type => TypeOf(Group, Kind);

    public string Permission => $"`list` of {(Group.Length == 0 ? Plural : $"{Plural}.{Group}")}";

    public static string TypeOf(string group, string kind) => group.Length == 0 ? $"v1/{kind}" : $"{group}/{kind}";

    /// <summary>The type of an `apiVersion` and a kind.</summary>
    public static string TypeOfVersion(string? version, string kind) => TypeOf(version?.Split('/') is [var group, _] ? group : "", kind);
}
