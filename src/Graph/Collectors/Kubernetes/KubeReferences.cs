using System.Text.Json;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>What an object of a known kind names: each kind's own fields, reviewed one by one.</summary>
internal static class KubeReferences
{
    public static IEnumerable<Relation> Of(JsonElement item, string id, string type, string? space, KubeNames names)
    {
        var spec = item.Child("spec") ?? default;
        var to = type switch
        {
            "networking.k8s.io/Ingress" => Ingress(spec, space, names),
            "v1/PersistentVolumeClaim" => Claim(spec, names),
            "v1/PersistentVolume" => Volume(spec, names),
            "autoscaling/HorizontalPodAutoscaler" => [(RelationType.AttachedTo, names.Of(spec.Child("scaleTargetRef"), space))],
            "rbac.authorization.k8s.io/RoleBinding" or "rbac.authorization.k8s.io/ClusterRoleBinding" => Binding(item, space, names),
            "v1/ServiceAccount" => item.Items("secrets").Concat(item.Items("imagePullSecrets")).Select(secret => (RelationType.Uses, names.Of("v1/Secret", space, secret.Text("name")))),
            _ => PodReferences.SpecOf(spec, type) is { } pod ? PodReferences.Of(pod, space, names) : [],
        };
        return to.Where(one => one.Item2 is not null).Select(one => new Relation(id, one.Item1, one.Item2!)).Concat(Hosts(spec, id, type, names));
    }

    private static IEnumerable<Relation> Hosts(JsonElement spec, string id, string type, KubeNames names) => type switch
    {
        "v1/Pod" when names.Of("v1/Node", null, spec.Text("nodeName")) is { } node => [new Relation(node, RelationType.Hosts, id)],
        "v1/Node" when ProviderIds.Machine(spec.Text("providerID")) is { } machine => [new Relation(machine, RelationType.Hosts, id)],
        _ => [],
    };

    private static IEnumerable<(RelationType, string?)> Ingress(JsonElement spec, string? space, KubeNames names)
    {
        var backends = spec.Items("rules").SelectMany(rule => rule.Child("http")?.Items("paths") ?? []).Select(path => path.Child("backend")).Append(spec.Child("defaultBackend"));
        return backends.Select(backend => (RelationType.ConnectedTo, names.Of("v1/Service", space, backend?.Child("service")?.Text("name"))))
            .Concat(spec.Items("tls").Select(tls => (RelationType.Uses, names.Of("v1/Secret", space, tls.Text("secretName")))))
            .Append((RelationType.RoutesVia, names.Of("networking.k8s.io/IngressClass", null, spec.Text("ingressClassName"))));
    }

    private static IEnumerable<(RelationType, string?)> Claim(JsonElement spec, KubeNames names) =>
        [(RelationType.Uses, names.Of("v1/PersistentVolume", null, spec.Text("volumeName"))), (RelationType.Uses, names.Of("storage.k8s.io/StorageClass", null, spec.Text("storageClassName")))];

    private static IEnumerable<(RelationType, string?)> Volume(JsonElement spec, KubeNames names) =>
    [
        (RelationType.Uses, names.Of("storage.k8s.io/StorageClass", null, spec.Text("storageClassName"))),
        (RelationType.Uses, ProviderIds.Disk(spec.Child("csi")?.Text("volumeHandle") ?? spec.Child("awsElasticBlockStore")?.Text("volumeID") ?? spec.Child("azureDisk")?.Text("diskURI"))),
    ];

    // Who is bound is named by the binding; a subject without a namespace of its own is a user or group, which no cluster lists.
    private static IEnumerable<(RelationType, string?)> Binding(JsonElement item, string? space, KubeNames names)
    {
        var role = item.Child("roleRef");
        return item.Items("subjects").Where(subject => subject.Text("kind") == "ServiceAccount")
            .Select(subject => (RelationType.AttachedTo, names.Of("v1/ServiceAccount", subject.Text("namespace") ?? space, subject.Text("name"))))
            .Append((RelationType.Uses, names.Of(role, role?.Text("kind") == "Role" ? space : null)));
    }
}
