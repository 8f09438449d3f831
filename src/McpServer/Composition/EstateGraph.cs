using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Collectors.Azure;
using McpInfra.Graph.Collectors.Costs;
using McpInfra.Graph.Collectors.Documents;
using McpInfra.Graph.Collectors.Findings;
using McpInfra.Graph.Collectors.Gcp;
using McpInfra.Graph.Collectors.Kubernetes;
using McpInfra.Graph.Collectors.Oci;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Scan;
using McpInfra.Storage;
using McpInfra.Tools.Git;

namespace McpInfra.Host.Composition;

/// <summary>The part of the server that commands need too: database, repositories, scanner and graph.</summary>
internal sealed class EstateGraph
{
    private EstateGraph(Settings.Settings settings, ScanKeys? keys, Func<Repositories, IStackStates>? stacks, IStateFolders? folders, TimeProvider time)
    {
        Database = StateDatabase.Open(settings);
        Repositories = new Repositories(settings.Repositories, settings.Organization, settings.StateFolder, time);
        IReadOnlyList<ICollector> clouds = keys is null ? [] : Clouds(keys, time);
        IReadOnlyList<ICollector> states = [new StateCollector(stacks?.Invoke(Repositories)), new PulumiCollector(folders), new DeploymentCollector()];
        Scanner = new Scanner(Database, [.. clouds, .. states, .. FindingFiles.All, new DocumentCollector(Repositories), new FocusCollector()], Repositories, time);
        var local = settings.AllSources.Where(source => source.IsFiles).ToList();
        Graphs = new Graphs(Database, Path.Combine(settings.StateFolder, "snapshots"), time, stop => Scanner.ScanAsync(settings.Organization, local, progress: null, stop));
    }

    /// <summary>The state folder's database.</summary>
    public Database Database { get; }

    /// <summary>The registered repositories.</summary>
    public Repositories Repositories { get; }

    /// <summary>Fills the graph.</summary>
    public Scanner Scanner { get; }

    /// <summary>Opens the graph by organisation; files that lie here are scanned before its first answer.</summary>
    public Graphs Graphs { get; }

    private static ICollector[] Clouds(ScanKeys keys, TimeProvider time) => [.. AwsCollector.All(keys, time), new AzureCollector(keys, time), new GcpCollector(keys, time), new OciCollector(keys, time), new KubernetesCollector(keys, time)];

    /// <summary>Opens the state folder; makes it when it is missing.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="keys">What clouds are read with; null where only local sources are.</param>
    /// <param name="stacks">Reads states of stacks from their backends; null where only local sources are.</param>
    /// <param name="folders">Reads folders of states in object stores; null where only local sources are.</param>
    public static EstateGraph Open(Settings.Settings settings, TimeProvider time, ScanKeys? keys = null, Func<Repositories, IStackStates>? stacks = null, IStateFolders? folders = null) => new(settings, keys, stacks, folders, time);
}
