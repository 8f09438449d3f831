using System.Globalization;
using McpInfra.Benchmarks.Pipelines;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Audit;
using McpInfra.Host.Edge;
using McpInfra.Host.Edge.Stdio;
using McpInfra.Host.Edge.Wire;
using McpInfra.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace McpInfra.Benchmarks.Stdio;

/// <summary>Calls a second over stdio at 32 at once, a 4 KB answer each: the bare SDK, our edge without guards, and the governed server in turns, each after 50,000 calls.</summary>
internal static class StdioBenchmark
{
    private const int Calls = 10_000;
    private const int AtOnce = 32;
    private const int Warm = 5;
    private const int Rounds = 5;
    private const string Tool = "search_resources";
    private const string Arguments = """{"text":"billing"}""";

    /// <summary>Prints a table; 0.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var folder = AppContext.BaseDirectory;
        LineClient[] servers =
        [
            new(Path.Combine(folder, "bare-server"), []), new(Path.Combine(folder, "Benchmarks"), ["serve-edge"]), new(Path.Combine(folder, "Benchmarks"), ["serve-governed"]),
        ];
        var rates = servers.Select(_ => new List<double>()).ToArray();
        var taken = servers.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Warm + Rounds; round++)
        {
            foreach (var (server, measured, processors) in servers.Zip(rates, taken))
            {
                var before = server.Taken;
                var rate = Calls / (await server.CallAsync(Tool, Arguments, Calls, AtOnce)).TotalSeconds;
                if (round >= Warm) // By then the runtime has compiled what is hot, of all three.
                {
                    measured.Add(rate);
                    processors.Add((server.Taken - before).TotalMicroseconds / Calls);
                }
            }
        }

        await output.WriteLineAsync($"| server | calls/s at {AtOnce} at once | of bare (median of rounds) | processors for a call | resident after {(Warm + Rounds) * Calls} calls |\n|---|---|---|---|---|");
        foreach (var (which, name) in new[] { "bare SDK", "edge and runner, no guards", "governed" }.Index())
        {
            var (server, measured) = (servers[which], rates[which]);
            var share = Median([.. measured.Zip(rates[0], (ours, bare) => ours / bare)]);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(measured):0} | {share:0.00} | {Median(taken[which]):0} µs | {server.Resident / 1048576.0:0} MB |"));
            await server.DisposeAsync();
        }

        return 0;
    }

    /// <summary>The edge and the runner over the same operation with no guard that does anything and no trail: what remains is ours but not the guards'.</summary>
    public static async Task<int> ServeEdgeAsync()
    {
        await using var governed = new Governed(new AuditSettings());
        await ServeAsync(governed.WithoutGuards());
        return 0;
    }

    /// <summary>The server that `stdio` measures: the real edge, transport and guards over one operation.</summary>
    public static async Task<int> ServeAsync()
    {
        await using var governed = new Governed(new AuditSettings());
        await ServeAsync(governed.Pipeline);
        return 0;
    }

    private static Task ServeAsync(Pipeline pipeline)
    {
        var unreadable = new UnreadableMessages(new MemoryTrail(), "acme", TimeProvider.System, NullLogger<UnreadableMessages>.Instance);
        return StdioHost.RunAsync(new McpEdge(pipeline, ResourceRoute.Infra, unreadable), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
