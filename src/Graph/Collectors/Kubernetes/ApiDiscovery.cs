using System.Text.Json;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>Which kinds a cluster lists: each group in the version that the cluster prefers.</summary>
internal sealed class ApiDiscovery(RestClient client)
{
    // What comes and goes by itself, repeats what another kind says, or is computed when asked.
    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal)
    {
        "v1/Event", "v1/Endpoints", "v1/ComponentStatus", "v1/PodTemplate", "v1/Binding", "apps/ControllerRevision", "coordination.k8s.io/Lease", "discovery.k8s.io/EndpointSlice", "events.k8s.io/Event",
        "storage.k8s.io/CSIStorageCapacity", "storage.k8s.io/CSINode", "storage.k8s.io/VolumeAttachment", "metrics.k8s.io/NodeMetrics", "metrics.k8s.io/PodMetrics", "certificates.k8s.io/CertificateSigningRequest",
    };

    /// <summary>The kinds, and groups whose kinds could not be read with what failed.</summary>
    public async Task<(IReadOnlyList<ApiKind> Kinds, IReadOnlyList<(string Group, Exception Error)> Unread)> ReadAsync(CancellationToken stop)
    {
        var kinds = Kinds("", "/api/v1", await client.GetAsync("/api/v1", stop)).ToList();
        var unread = new List<(string, Exception)>();
        var groups = await client.GetAsync("/apis", stop);
        foreach (var (group, version) in groups.Items("groups").Select(group => (group.Text("name"), group.Child("preferredVersion")?.Text("groupVersion"))))
        {
            if (group is null || version is null || version.Contains("..", StringComparison.Ordinal))
            {
                continue;
            }

            try
            {
                kinds.AddRange(Kinds(group, $"/apis/{version}", await client.GetAsync($"/apis/{version}", stop)));
            }
            catch (Exception error) when (RestException.Of(error) is not null)
            {
                unread.Add((group, error));
            }
        }

        return (kinds, unread);
    }

    private static IEnumerable<ApiKind> Kinds(string group, string path, JsonElement list) => list.Items("resources")
        .Where(kind => kind.Texts("verbs").Contains("list") && kind.Text("name") is { } name && !name.Contains('/', StringComparison.Ordinal) && kind.Text("kind") is not null)
        .Select(kind => new ApiKind($"{path}/{kind.Text("name")}", group, kind.Text("kind")!, kind.Text("name")!))
        .Where(kind => !Skipped.Contains(kind.Type));
}
