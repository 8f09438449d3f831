using System.Collections.Concurrent;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Correlation;
using McpInfra.Graph.Store;
using McpInfra.Storage;

namespace McpInfra.Graph.Scan;

/// <summary>
/// Reads sources into the graph, several side by side, and then correlates them. One scan at a time writes a state folder, whatever the process.
/// Killed at any point, the graph is what the last finished batch left, and the next scan goes on from there.
/// </summary>
/// <param name="database">Opened with <see cref="GraphSchema"/>.</param>
/// <param name="collectors">One for each kind of source.</param>
/// <param name="code">The code of registered repositories; null leaves files, lines and owners by file unknown.</param>
/// <param name="time">The clock.</param>
public sealed class Scanner(Database database, IReadOnlyList<ICollector> collectors, ICodeSource? code, TimeProvider time)
{
    private const int MostBatches = 4;
    private const int SideBySide = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Lock writer = new();

    /// <summary>How many observations are handed on at once.</summary>
    internal int Batch { get; init; } = 500;

    /// <summary>About how many bytes are written in one transaction; as many are collected meanwhile.</summary>
    internal long AtOnce { get; init; } = 32 << 20;

    /// <summary>How often at least it is stored how far listings have come.</summary>
    internal TimeSpan Mark { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Scans the sources. A source that cannot be read fails alone; its result says why.</summary>
    /// <exception cref="TimeoutException">Another scan of this store did not end.</exception>
    public Task<ScanResult> ScanAsync(string organization, IReadOnlyList<SourceSettings> sources, IProgress<ScanProgress>? progress, CancellationToken stop) =>
        ScanAsync(organization, sources, progress, release: false, stop);

    /// <summary>Scans the sources; with <paramref name="release"/>, what a scan holds back because most of a scope vanished goes too: a person's word.</summary>
    /// <exception cref="TimeoutException">Another scan of this store did not end.</exception>
    public async Task<ScanResult> ScanAsync(string organization, IReadOnlyList<SourceSettings> sources, IProgress<ScanProgress>? progress, bool release, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        using var only = await database.LockAsync("scan", Patience, time, stop);
        var results = new ConcurrentDictionary<string, SourceResult>();
        await Parallel.ForEachAsync(sources, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = stop }, async (source, ending) =>
            results[source.Name] = await ScanAsync(organization, source, progress, release, only, ending));
        var correlated = database.Write(connection => new Correlator(connection, organization, code, time.GetUtcNow()).Run());
        return new ScanResult([.. sources.Select(source => results[source.Name])], correlated.Located, correlated.Unmanaged, time.GetElapsedTime(start)) { UnreadRepositories = correlated.Unread };
    }

    /// <summary>Takes away everything that only sources which are no longer configured have said.</summary>
    public async Task ForgetAllButAsync(string organization, IReadOnlyList<string> sources, CancellationToken stop)
    {
        using var only = await database.LockAsync("scan", Patience, time, stop);
        database.Write(connection => new Forgetting(connection, organization, time.GetUtcNow()).AllBut(sources));
    }

    private async Task<SourceResult> ScanAsync(string organization, SourceSettings source, IProgress<ScanProgress>? progress, bool release, StoreLock only, CancellationToken stop)
    {
        var writing = new SourceWriter(database, organization, source, time.GetUtcNow(), release);
        var meter = new Meter(source.Name, progress, time);
        try
        {
            var collector = collectors.FirstOrDefault(candidate => candidate.Kind == source.Kind)
                ?? throw new SourceException($"No collector reads sources of kind {source.Kind}. Known kinds: {string.Join(", ", collectors.Select(known => known.Kind).Order())}.");
            await StoreAsync(Batches.ReadAsync(collector.CollectAsync(source, writing.Unfinished, stop), Batch, MostBatches, time, stop), writing, meter, only);
        }
        catch (SourceException failure)
        {
            Write(only, () => writing.Fail(failure.Message));
        }

        meter.End();
        return writing.Result;
    }

    /// <summary>Reads on while what was read is stored.</summary>
    private async Task StoreAsync(IAsyncEnumerable<IReadOnlyList<Observation>> batches, SourceWriter writing, Meter meter, StoreLock only)
    {
        var (storing, marked) = (Task.CompletedTask, time.GetTimestamp());
        try
        {
            await foreach (var batch in batches)
            {
                writing.Take(batch);
                meter.Count(batch);
                if (writing.Waiting >= AtOnce || (writing.HasCome && time.GetElapsedTime(marked) >= Mark))
                {
                    await storing;
                    var next = writing.Next();
                    marked = time.GetTimestamp();
                    storing = Task.Run(() => Write(only, () => writing.Store(next)), CancellationToken.None);
                }
            }
        }
        catch (Exception cut) when (cut is SourceException or OperationCanceledException)
        {
            await storing;
            Write(only, () => writing.Store(writing.Next()));
            throw;
        }
        finally
        {
            await storing;
        }

        Write(only, () => writing.Store(writing.Next()));
        Write(only, writing.Finish);
    }

    private void Write(StoreLock only, Action write)
    {
        lock (writer)
        {
            only.Ensure();
            write();
        }
    }

    private sealed class Meter(string source, IProgress<ScanProgress>? progress, TimeProvider time)
    {
        private readonly long start = time.GetTimestamp();
        private long records;
        private string current = "reading";

        public void Count(IReadOnlyList<Observation> batch)
        {
            records += batch.Count;
            current = batch[^1] switch
            {
                Observation.Seen(var resource) => resource.Region is null ? resource.Type : $"{resource.Type} {resource.Region}",
                Observation.Complete complete when complete.Type != "*" => $"{complete.Type} {complete.Region}".TrimEnd(),
                _ => current,
            };
            progress?.Report(new ScanProgress(source, records, Rate, current));
        }

        public void End() => progress?.Report(new ScanProgress(source, records, Rate, "done", Ended: true));

        private double Rate => time.GetElapsedTime(start).TotalSeconds is > 0 and var seconds ? records / seconds : 0;
    }
}
