using System.Diagnostics;
using System.Globalization;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Snapshot;

namespace McpInfra.Benchmarks.Graph;

/// <summary>What the queries of one snapshot take.</summary>
internal sealed class SnapshotQueries(string path, SnapshotHead head, GeneratedEstate estate, TextWriter output)
{
    private const int Runs = 5000;

    private readonly GraphView view = Opened(path, head);

    /// <summary>Measures all, next to the recursive queries where there is a reference.</summary>
    public async Task RunAsync(RecursiveReference? reference)
    {
        await LineAsync($"snapshot: {new FileInfo(path).Length / 1e6:F1} MB, {(double)new FileInfo(path).Length / estate.Count:F1} bytes a resource");
        var account = view.OrdinalOf(1);
        await ThreeHopsAsync(reference);
        await BlastAsync(reference, account);
        await LineAsync($"open to first blast: {Timings.Of(9, _ => Blast(Opened(path, head), account))}");
        await LineAsync($"path, any way, 6: {Timings.Of(500, at => Path(Ordinary(at), Ordinary(at + 1)))}");
        await FiltersAsync();
    }

    private static GraphView Opened(string path, SnapshotHead head) =>
        new(new SnapshotReader(SnapshotFile.Open(path, head.Organization) ?? throw new InvalidOperationException("The snapshot that was written cannot be opened.")), null, head.Version, head.Mark);

    private async Task ThreeHopsAsync(RecursiveReference? reference)
    {
        foreach (var direction in Enum.GetValues<TraceDirection>())
        {
            var reached = 0L;
            var taken = Timings.Of(Runs, at =>
            {
                using var walk = new Walk(view, direction, Edge.AnyType, int.MaxValue - 1);
                walk.Run(Ordinary(at), 3);
                reached += walk.Reached;
            });
            await LineAsync($"three hops, {direction}, {(double)reached / (Runs * 1.1):F0} resources: {taken}");
            if (direction is TraceDirection.Impact && reference is not null)
            {
                await CompareAsync(reference, taken);
            }
        }
    }

    private async Task CompareAsync(RecursiveReference reference, Timings ours)
    {
        var theirs = new List<double>();
        for (var at = 0; at < 200; at++)
        {
            var ordinal = Ordinary(at);
            using var walk = new Walk(view, TraceDirection.Impact, Edge.AnyType, int.MaxValue - 1);
            walk.Run(ordinal, 3);
            var (count, microseconds) = reference.Impact(view.Node(ordinal), 3);
            if (count != walk.Reached)
            {
                throw new InvalidOperationException($"The recursive query reaches {count}, the snapshot {walk.Reached}.");
            }

            theirs.Add(microseconds);
        }

        theirs.Sort();
        await LineAsync($"  recursive query: median {Timings.Unit(theirs[100])}, {theirs[100] / ours.Median:F0} times ours");
    }

    private async Task BlastAsync(RecursiveReference? reference, int account)
    {
        var reached = Blast(view, account);
        var taken = Timings.Of(30, _ => Blast(view, account));
        await LineAsync($"blast of the first account, {reached} resources: {taken}");
        if (reference is not null)
        {
            var (count, microseconds) = reference.Impact(1, 3);
            await LineAsync($"  recursive query: {count} resources, {Timings.Unit(microseconds)}, {microseconds / taken.Median:F0} times ours");
        }
    }

    private static int Blast(GraphView of, int start)
    {
        using var walk = new Walk(of, TraceDirection.Impact, Edge.AnyType, int.MaxValue - 1);
        walk.Run(start, 3);
        return walk.Reached;
    }

    private void Path(int from, int to)
    {
        using var walk = new Walk(view, TraceDirection.Both, Edge.AnyType, int.MaxValue - 1);
        walk.Run(from, 6, until: to);
    }

    private async Task FiltersAsync()
    {
        var every = new List<(string Name, Func<int, SearchQuery> Query)>
        {
            ("type", at => new SearchQuery { Type = Of(at).Type }),
            ("type, region", at => new SearchQuery { Type = Of(at).Type, Region = Of(at).Region }),
            ("account, type", at => new SearchQuery { Account = Of(at).Account, Type = Of(at).Type }),
            ("environment", at => new SearchQuery { Environment = Of(at).Environment }),
            ("tag", at => new SearchQuery { Tag = $"team={Of(at).Tags.GetValueOrDefault("team", "team-001")}" }),
            ("tag, environment, region", at => new SearchQuery { Tag = $"team={Of(at).Tags.GetValueOrDefault("team", "team-001")}", Environment = "prod", Region = "eu-west-1" }),
            ("type, tag, unmanaged", at => new SearchQuery { Type = Of(at).Type, Tag = $"service={Of(at).Tags.GetValueOrDefault("service", "svc-1")}", Managed = false }),
        };
        foreach (var (name, query) in every)
        {
            var queries = Enumerable.Range(0, 500).Select(query).ToArray();
            var (found, runs) = (0L, 0);
            var taken = Timings.Of(2000, at =>
            {
                var selection = new Selection(view, queries[at % queries.Length]);
                selection.After(0, 26);
                (found, runs) = (found + selection.Total, runs + 1);
            });
            await LineAsync($"filter by {name}, exact count {(double)found / runs:F0}, first page: {taken}");
        }

        foreach (var by in new[] { "type", "environment", "tag:team", "tag:service" })
        {
            await LineAsync($"count of everything by {by}: {Timings.Of(100, _ =>
            {
                var selection = new Selection(view, new SearchQuery());
                SelectionCounts.By(view, selection, by, out var none);
            })}");
        }
    }

    private McpInfra.Graph.Resource Of(int at) => estate.Resource(Number(at));

    /// <summary>One that is no account and not the key of many.</summary>
    private int Ordinary(int at) => view.OrdinalOf(Number(at) + 1);

    private int Number(int at) => estate.Accounts + 10 + (int)(at * 7919L % (estate.Count - estate.Accounts - 20));

    private Task LineAsync(FormattableString line) => output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}
