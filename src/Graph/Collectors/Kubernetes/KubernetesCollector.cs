using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>Reads clusters, several side by side. Only ever lists; of Secrets, and of kinds that it does not know, only metadata is asked for.</summary>
/// <param name="secrets">What clusters are read with.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">How far it goes; null for the defaults.</param>
public sealed class KubernetesCollector(ISourceSecrets secrets, TimeProvider time, CollectorLimits? limits = null) : ICollector
{
    private const string ClusterType = "kubernetes/Cluster";

    // Who chooses by labels is read before who is chosen, and always from the start.
    private static readonly HashSet<string> Choosers = new(StringComparer.Ordinal) { "v1/Service", "networking.k8s.io/NetworkPolicy", "policy/PodDisruptionBudget" };

    private static readonly HashSet<string> ReadWhole = new(StringComparer.Ordinal)
    {
        "v1/Pod", "v1/Service", "v1/Node", "v1/Namespace", "v1/PersistentVolume", "v1/PersistentVolumeClaim", "v1/ServiceAccount",
        "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet", "batch/Job", "batch/CronJob", "autoscaling/HorizontalPodAutoscaler", "policy/PodDisruptionBudget",
        "networking.k8s.io/Ingress", "networking.k8s.io/IngressClass", "networking.k8s.io/NetworkPolicy", "storage.k8s.io/StorageClass",
        "rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRole", "rbac.authorization.k8s.io/ClusterRoleBinding",
    };

    private readonly CollectorLimits limits = limits ?? new CollectorLimits();

    /// <inheritdoc/>
    public string Kind => "kubernetes";

    /// <summary>Where the service account is mounted, for the cluster that the server runs in.</summary>
    public string Mounted { get; init; } = KubeConfig.Mounted;

    /// <inheritdoc/>
    public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, CancellationToken stop) => CollectAsync(source, Unfinished.Nothing, stop);

    /// <inheritdoc/>
    public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, Unfinished unfinished, CancellationToken stop) =>
        Gathering.StreamAsync((seen, stopping) => ReadAsync(source, new SourceScan(source, limits, unfinished, seen), seen, stopping), stop);

    private Task ReadAsync(SourceSettings source, SourceScan scan, ChannelWriter<Observation> seen, CancellationToken stop) =>
        scan.EachAsync(source.Accounts, (account, stopping) => ReadAsync(source, account, scan, seen, stopping), stop);

    private async Task ReadAsync(SourceSettings source, AccountSettings account, SourceScan scan, ChannelWriter<Observation> seen, CancellationToken stop)
    {
        var names = new KubeNames(account.Name.Length > 0 ? account.Name : source.Name);
        var kinds = new List<ApiKind>();
        RestClient? client = null;
        try
        {
            var discovery = new ScopeListing(names.Cluster, null, "Kubernetes API", "*", "discovery (system:discovery)", (_, stopping) => FindAsync(stopping)) { IsWhole = false };
            if (!await scan.ListAsync(discovery, stop))
            {
                return;
            }

            await seen.WriteAsync(new Observation.Seen(new Resource { Id = names.ClusterId, Type = ClusterType, Name = names.Cluster, Provider = "kubernetes", Account = names.Cluster }), stop);
            var objects = new KubeObjects(names, new Selectors());
            foreach (var few in new[] { kinds.Where(kind => Choosers.Contains(kind.Type)), kinds.Where(kind => !Choosers.Contains(kind.Type)) })
            {
                await Parallel.ForEachAsync(few, new ParallelOptions { MaxDegreeOfParallelism = limits.Requests, CancellationToken = stop }, async (kind, stopping) => await scan.ListAsync(Listing(kind), stopping));
            }

            ScopeListing Listing(ApiKind kind) => new(names.Cluster, null, kind.Group.Length == 0 ? "v1" : kind.Group, kind.Type, kind.Permission, (place, stopping) => ObjectsAsync(client!, kind, objects, place, stopping)) { Origin = Choosers.Contains(kind.Type) ? null : client!.Origin };
        }
        finally
        {
            client?.Dispose();
        }

        async IAsyncEnumerable<Observation> FindAsync([EnumeratorCancellation] CancellationToken stopping)
        {
            client = await ClusterClient.OpenAsync(secrets, source, account, limits, time, Mounted, stopping);
            var (found, unread) = await new ApiDiscovery(client).ReadAsync(stopping);
            kinds.AddRange(found);
            foreach (var (group, error) in unread)
            {
                yield return new Observation.Failed(null, group, $"{group}/*", $"{group} of {names.Cluster} could not be discovered ({RestException.Of(error)!.Code}); check the API service that serves it.") { Account = names.Cluster };
            }
        }
    }

    private static async IAsyncEnumerable<Observation> ObjectsAsync(RestClient client, ApiKind kind, KubeObjects objects, Place place, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var item in KubeList.ReadAsync(client, kind, metadataOnly: !ReadWhole.Contains(kind.Type), place, stop))
        {
            foreach (var observation in objects.Of(item, kind))
            {
                yield return observation;
            }
        }
    }
}
