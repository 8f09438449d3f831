using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Correlation;
using McpInfra.Graph.Scan;
using McpInfra.Storage;
using McpInfra.TestKit;

namespace McpInfra.Graph.Tests;

/// <summary>A graph in a real store of its own.</summary>
public sealed class GraphFixture : IDisposable
{
    public const string Organization = "acme";

    public GraphFixture()
    {
        Folder = Directory.CreateTempSubdirectory("graph-test-").FullName;
        Store = TestStore.In(Folder, "graph.db");
        Database = Store.Open(GraphSchema.Schema);
        Graphs = new Graphs(Database, Snapshots, Clock);
    }

    public string Folder { get; }

    public TestStore Store { get; }

    /// <summary>Where snapshots are published.</summary>
    public string Snapshots => Path.Combine(Folder, "snapshots");

    public Database Database { get; }

    public Clock Clock { get; } = new();

    public Graphs Graphs { get; }

    public ResourceGraph Graph => Graphs.For(Organization);

    /// <summary>Scans state files' texts by source name.</summary>
    public Task<ScanResult> ScanStateAsync(string json, string source = "state", ICodeSource? code = null, string? repository = null)
    {
        var path = Path.Combine(Folder, $"{source}.tfstate");
        File.WriteAllText(path, json);
        return ScanAsync([new SourceSettings(source, "terraform-state") { Path = path, Repository = repository }], [new StateCollector()], code);
    }

    /// <summary>Scans what a cloud is made to show.</summary>
    public Task<ScanResult> ScanCloudAsync(IReadOnlyList<Observation> observations, string source = "cloud", string? failure = null, bool release = false) =>
        new Scanner(Database, [new ScriptedCloud(observations, failure)], null, Clock) { Batch = failure is null ? 20 : 3, AtOnce = failure is null ? 20_000 : 2_000 }.ScanAsync(Organization, [new SourceSettings(source, "scripted")], null, release, CancellationToken.None);

    public Task<ScanResult> ScanAsync(IReadOnlyList<SourceSettings> sources, IReadOnlyList<ICollector> collectors, ICodeSource? code) =>
        new Scanner(Database, collectors, code, Clock).ScanAsync(Organization, sources, null, CancellationToken.None);

    public static Resource Resource(string id, string type = "AWS::EC2::VPC", string? name = null, string region = "us-east-1", params (string Key, string Value)[] tags) => new()
    {
        Id = id, Type = type, Name = name ?? id, Provider = "aws", Account = "123456789012", Region = region, Tags = tags.ToDictionary(tag => tag.Key, tag => tag.Value),
    };

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A cloud that shows what it is told to.</summary>
    private sealed class ScriptedCloud(IReadOnlyList<Observation> observations, string? failure) : ICollector
    {
        public string Kind => "scripted";

        public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
        {
            await Task.CompletedTask;
            foreach (var observation in observations)
            {
                yield return observation;
            }

            if (failure is not null)
            {
                throw new SourceException(failure);
            }
        }
    }
}

/// <summary>A clock that tests set.</summary>
public sealed class Clock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
