namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>Ids of a cloud's machines and disks as clusters write them, in the form that the cloud's own collector gives them.</summary>
internal static class ProviderIds
{
    /// <summary>Of a node's `providerID`: `aws:///ZONE/i-…`, `azure:///subscriptions/…`, `gce://PROJECT/ZONE/NAME`, an OCID; null for another.</summary>
    public static string? Machine(string? id) => id switch
    {
        null => null,
        _ when id.StartsWith("aws://", StringComparison.Ordinal) && id.LastIndexOf("/i-", StringComparison.Ordinal) is > 0 and var at => id[(at + 1)..],
        _ when id.StartsWith("azure:///subscriptions/", StringComparison.Ordinal) => id["azure://".Length..],
        _ when id.StartsWith("gce://", StringComparison.Ordinal) && id["gce://".Length..].Split('/') is [var project, var zone, var name] =>
            $"https://www.googleapis.com/compute/v1/projects/{project}/zones/{zone}/instances/{name}",
        _ => Ocid(id),
    };

    /// <summary>Of a volume's handle; null for what no cloud's collector would know.</summary>
    public static string? Disk(string? id) => id switch
    {
        null => null,
        _ when id.LastIndexOf("vol-", StringComparison.Ordinal) is >= 0 and var at && (at == 0 || id[at - 1] == '/') => id[at..],
        _ when id.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) => id,
        _ when id.StartsWith("projects/", StringComparison.Ordinal) => $"https://www.googleapis.com/compute/v1/{id}",
        _ => Ocid(id),
    };

    private static string? Ocid(string id) => id.IndexOf("ocid1.", StringComparison.Ordinal) is >= 0 and var at ? id[at..] : null;
}
