using System.Diagnostics;
using System.Globalization;
using McpInfra.Graph.Snapshot;

namespace McpInfra.Benchmarks.Graph;

/// <summary>What questions of a large graph take.</summary>
internal static class GraphBenchmark
{
    /// <summary>Builds the snapshot of a generated estate as from the record, and asks it; with PostgreSQL's recursive queries beside it unless left out.</summary>
    public static async Task<int> SnapshotAsync(int count, bool withReference, TextWriter output, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("graph-benchmark-").FullName;
        try
        {
            var estate = new GeneratedEstate(count);
            var (path, head) = await BuildAsync(estate, folder, output);
            await using var reference = withReference ? await RecursiveReference.StartAsync(Numbered(estate), stop) : null;
            await new SnapshotQueries(path, head, estate, output).RunAsync(reference);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(string Path, SnapshotHead Head)> BuildAsync(GeneratedEstate estate, string folder, TextWriter output)
    {
        var start = Stopwatch.GetTimestamp();
        var (builder, relations) = (new SnapshotBuilder(), 0);
        for (var number = 0; number < estate.Count; number++)
        {
            var resource = estate.Resource(number);
            builder.Add(new SnapshotRow(number + 1, resource.Id, resource.Name, resource.Type, resource.Provider, resource.Account, resource.Region, resource.Environment, IsManaged: number % 3 != 0, ChangedAt: 1_767_225_600_000 + (number % 40 * 3_600_000L)), [.. resource.Tags.Select(tag => (tag.Key, tag.Value))]);
            if (number % 20 == 0)
            {
                builder.Finding(number + 1);
            }
        }

        foreach (var (from, type, to) in Numbered(estate))
        {
            builder.Relate(from, type, to);
            relations++;
        }

        var read = Stopwatch.GetElapsedTime(start);
        var head = new SnapshotHead(1, 1, 1, 0, 0, estate.Count);
        var path = SnapshotPublisher.PathOf(folder, 1);
        start = Stopwatch.GetTimestamp();
        SnapshotPublisher.Publish(path, head, builder.Build());
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{estate.Count} resources, {relations} relations: generated in {read.TotalSeconds:F1} s, built and published in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB resident at most"));
        return (path, head);
    }

    /// <summary>Relations between numbers, which begin with 1.</summary>
    private static IEnumerable<(long From, McpInfra.Graph.RelationType Type, long To)> Numbered(GeneratedEstate estate)
    {
        var numbers = new Dictionary<string, long>(estate.Count);
        for (var number = 0; number < estate.Count; number++)
        {
            numbers.Add(estate.Id(number), number + 1);
        }

        for (var number = 0; number < estate.Count; number++)
        {
            foreach (var relation in estate.Relations(number))
            {
                yield return (numbers[relation.From], relation.Type, numbers[relation.To]);
            }
        }
    }
}
