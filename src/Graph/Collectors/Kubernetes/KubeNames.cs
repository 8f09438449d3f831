using System.Text.Json;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>How objects of one cluster are known: by uid, and by `kubernetes:TYPE:CLUSTER:NAMESPACE/NAME` to those that name them.</summary>
/// <param name="cluster">The cluster's name.</param>
internal sealed class KubeNames(string cluster)
{
    public string Cluster => cluster;

    /// <summary>Id of the cluster itself.</summary>
    public string ClusterId => $"kubernetes:Cluster:{cluster}";

    /// <summary>The name of an object; null when nothing is named.</summary>
    public string? Of(string type, string? space, string? name) => name is null ? null : $"kubernetes:{type}:{cluster}:{(space is null ? "" : space + "/")}{name}";

    /// <summary>The name of what a reference (`kind`, `name`, `apiGroup` or `apiVersion`) means.</summary>
    public string? Of(JsonElement? reference, string? space) => reference?.Text("kind") is { } kind
        ? Of(reference.Value.Text("apiGroup") is { } group ? ApiKind.TypeOf(group, kind) : ApiKind.TypeOfVersion(reference.Value.Text("apiVersion"), kind), space, reference.Value.Text("name"))
        : null;
}
