using System.Text.Json;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>What the pods of a workload use: identity, configuration, secrets and volumes.</summary>
internal static class PodReferences
{
    private static readonly string[] Containers = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>The specification of a workload's pods, or a pod's own; null for other kinds.</summary>
    public static JsonElement? SpecOf(JsonElement spec, string type) => type switch
    {
        "v1/Pod" => spec,
        "batch/CronJob" => spec.Child("jobTemplate")?.Child("spec")?.Child("template")?.Child("spec"),
        _ => spec.Child("template")?.Child("spec"),
    };

    public static IEnumerable<(RelationType Type, string? To)> Of(JsonElement pod, string? space, KubeNames names)
    {
        yield return (RelationType.Assumes, names.Of("v1/ServiceAccount", space, pod.Text("serviceAccountName")));
        foreach (var secret in pod.Items("imagePullSecrets"))
        {
            yield return (RelationType.Uses, names.Of("v1/Secret", space, secret.Text("name")));
        }

        foreach (var volume in pod.Items("volumes").SelectMany(volume => volume.Child("projected") is { } projected ? projected.Items("sources").Prepend(volume) : [volume]))
        {
            yield return (RelationType.Uses, names.Of("v1/PersistentVolumeClaim", space, volume.Child("persistentVolumeClaim")?.Text("claimName")));
            yield return (RelationType.Uses, names.Of("v1/Secret", space, volume.Child("secret")?.Text("secretName") ?? volume.Child("secret")?.Text("name")));
            yield return (RelationType.Uses, names.Of("v1/ConfigMap", space, volume.Child("configMap")?.Text("name")));
        }

        foreach (var from in Containers.SelectMany(list => pod.Items(list)).SelectMany(Sources))
        {
            yield return (RelationType.Uses, names.Of("v1/Secret", space, (from.Child("secretRef") ?? from.Child("secretKeyRef"))?.Text("name")));
            yield return (RelationType.Uses, names.Of("v1/ConfigMap", space, (from.Child("configMapRef") ?? from.Child("configMapKeyRef"))?.Text("name")));
        }
    }

    private static IEnumerable<JsonElement> Sources(JsonElement container) =>
        container.Items("envFrom").Concat(container.Items("env").Select(variable => variable.Child("valueFrom")).OfType<JsonElement>());
}
