using System.Diagnostics;
using System.Globalization;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using McpInfra.Storage;
using McpInfra.TestKit;

namespace McpInfra.Benchmarks.Graph;

/// <summary>What scans of a generated estate take on the way that they really go: collector, scanner, store, snapshot, search.</summary>
internal sealed class StoreBenchmark : IDisposable
{
    private const string Organization = "estate";
    private const int InAccount = 25_000;
    private const int Changes = 16_000;

    private readonly string folder = Directory.CreateTempSubdirectory("graph-benchmark-").FullName;
    private readonly TestStore store;
    private readonly TextWriter output;
    private readonly GeneratedEstate estate;
    private readonly GeneratedCollector collector;
    private readonly Graphs graphs;
    private readonly Scanner scanner;
    private readonly Database database;

    private StoreBenchmark(string engine, int count, TextWriter output)
    {
        this.output = output;
        store = engine == "postgres" ? TestStore.OnPostgres() : TestStore.OnSqlite(folder);
        database = store.Open(GraphSchema.Schema);
        estate = new GeneratedEstate(count);
        var apart = Math.Min(InAccount, count / 2);
        collector = new GeneratedCollector(estate, new Dictionary<string, Range> { ["estate"] = ..^apart, ["account"] = ^apart.. });
        graphs = new Graphs(database, Path.Combine(folder, "snapshots"), TimeProvider.System);
        scanner = new Scanner(database, [collector], null, TimeProvider.System);
    }

    /// <summary>Measures estates of the sizes, one after another.</summary>
    public static async Task<int> RunAsync(string engine, IReadOnlyList<int> counts, TextWriter output, CancellationToken stop)
    {
        foreach (var count in counts)
        {
            using var benchmark = new StoreBenchmark(engine, count, output);
            await benchmark.RunAsync(engine, stop);
        }

        return 0;
    }

    public void Dispose()
    {
        store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task RunAsync(string engine, CancellationToken stop)
    {
        await LineAsync($"{engine}, {estate.Count} resources");
        var collecting = await CollectAsync(stop);
        await LineAsync($"  collected, nothing else: {collecting.TotalSeconds:F1} s");
        var spent = Spent;
        var (took, result) = await ScanAsync(["estate", "account"], stop);
        await LineAsync($"  first load: {took.TotalSeconds:F1} s, {(Spent - spent).TotalSeconds:F1} s of processors in this process, {result.Sources.Sum(source => source.Added)} resources, {result.Sources.Sum(source => source.Relations)} relations, {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB resident at most");
        await LineAsync($"  first answer, the snapshot built: {Timed(() => Total(new SearchQuery())).TotalSeconds:F1} s, {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB");
        await LineAsync($"  text search: {Timings.Of(50, at => graphs.For(Organization).Search(new SearchQuery { Text = estate.Resource(estate.Accounts + 10 + (at * 97)).Name }))}");
        var before = Version();
        spent = Spent;
        (took, result) = await ScanAsync(["estate", "account"], stop);
        await LineAsync($"  unchanged rescan: {took.TotalSeconds:F1} s, {(Spent - spent).TotalSeconds:F1} s of processors, {(took - collecting).TotalSeconds:F1} s more than collecting; {Version() - before} writes of resources");
        collector.Changed = Changes;
        var start = Stopwatch.GetTimestamp();
        spent = Spent;
        (took, result) = await ScanAsync(["account"], stop);
        var scanned = Spent - spent;
        var (tagged, text) = (Total(new SearchQuery { Tag = "version=v2" }), Total(new SearchQuery { Text = "version=v2" }));
        await LineAsync($"  {result.Sources[0].Changed} changes of an account of {result.Sources[0].Resources}: scanned in {took.TotalSeconds:F1} s, {scanned.TotalSeconds:F1} s of processors, {tagged} found by tag and {text} by text after {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
    }

    /// <summary>What a machine that others use too does not stretch.</summary>
    private static TimeSpan Spent => Environment.CpuUsage.TotalTime;

    private long Total(SearchQuery query) => graphs.For(Organization).Search(query).Total;

    private async Task<TimeSpan> CollectAsync(CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var name in new[] { "estate", "account" })
        {
            await foreach (var _ in collector.CollectAsync(new SourceSettings(name, collector.Kind), stop))
            {
                // Counts for the time it takes.
            }
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private async Task<(TimeSpan Took, ScanResult Result)> ScanAsync(IReadOnlyList<string> sources, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await scanner.ScanAsync(Organization, [.. sources.Select(name => new SourceSettings(name, collector.Kind))], null, stop);
        return result.Failed ? throw new InvalidOperationException(result.Sources.First(source => source.Failure is not null).Failure) : (Stopwatch.GetElapsedTime(start), result);
    }

    private long Version() => database.Read(connection => Dapper.SqlMapper.ExecuteScalar<long>(connection, "SELECT max(version) FROM graph_journal"));

    private static TimeSpan Timed(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start);
    }

    private Task LineAsync(FormattableString line) => output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}
