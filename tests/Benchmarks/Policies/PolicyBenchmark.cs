using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using McpInfra.Benchmarks.Pipelines;
using McpInfra.Benchmarks.Stdio;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Manifests;
using McpInfra.Guardrails.Policies;

namespace McpInfra.Benchmarks.Policies;

/// <summary>What rules of an operator's cost a server: at its start, in memory, and on every call.</summary>
internal static class PolicyBenchmark
{
    private const int Rounds = 11;
    private const int Checks = 50_000;
    private static readonly int[] Sizes = [10, 100, 1_000];
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(2);

    /// <summary>Prints what was measured; 0.</summary>
    /// <param name="server">A published `mcp-infra`.</param>
    /// <param name="output">Where to.</param>
    public static async Task<int> RunAsync(string server, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("mcp-infra-benchmark-");
        try
        {
            var began = Stopwatch.GetTimestamp();
            Read(folder.FullName, 1_000);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"1,000 rules read, validated and made ready in a process that has read none: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms; again: {Enumerable.Range(0, Rounds).Select(_ => Time(() => Read(folder.FullName, 1_000))).Order().ElementAt(Rounds / 2):F0} ms"));
            await StartsAsync(server, folder.FullName, output);
            await ChecksAsync(folder.FullName, output);
            await CallsAsync(folder.FullName, output);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Time(Action work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static Rulebook Read(string folder, int count)
    {
        var policies = Directory.CreateDirectory(Path.Combine(folder, $"policies{count}")).FullName;
        File.WriteAllText(Path.Combine(policies, "rules.cedar"), OperatorRules.Text(count));
        var faults = new List<Fault>();
        var rulebook = Rulebook.Read(policies, faults);
        return faults.Count == 0 ? rulebook : throw new InvalidDataException(faults[0].ToString());
    }

    private static async Task StartsAsync(string server, string folder, TextWriter output)
    {
        var (plain, ruled) = (Path.Combine(folder, "plain.yaml"), Path.Combine(folder, "ruled.yaml"));
        await File.WriteAllTextAsync(plain, "organization: acme\n");
        await File.WriteAllTextAsync(ruled, "organization: acme\npolicies: ./policies1000\n");
        var times = new Dictionary<string, List<double>> { [plain] = [], [ruled] = [] };
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var (config, taken) in times)
            {
                var began = Stopwatch.GetTimestamp();
                await using var client = new LineClient(Path.GetFullPath(server), ["serve", "--config", config], folder);
                await client.CallAsync("explain_access", """{"operation":"plan_change"}""", calls: 1, atOnce: 1);
                if (round > 0)
                {
                    taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            }
        }

        var (without, with) = (Median(times[plain]), Median(times[ruled]));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Start to first answer, median of {Rounds} in turns: {without:F0} ms without rules, {with:F0} ms with 1,000: {with - without:F0} ms more"));
    }

    private static async Task ChecksAsync(string folder, TextWriter output)
    {
        await output.WriteLineAsync("\n| rules | call | check, median | p99 | bytes | rules hold |\n|---|---|---|---|---|---|");
        await using var governed = new Governed(new AuditSettings());
        var target = new Target { Id = "arn:aws:s3:::x", Type = "AWS::S3::Bucket", Environment = "prod", Account = "111122223333", Region = "eu-west-1", Tags = new Dictionary<string, string> { ["owner"] = "x", ["class"] = "open" } };
        var proposal = governed.Call with
        {
            Operation = new Operation { Kind = OperationKind.Tool, Name = "propose_change", Tier = Tier.Draft, Description = "", Schema = governed.Call.Operation.Schema, Bind = governed.Call.Operation.Bind, Run = governed.Call.Operation.Run },
            Given = JsonSerializer.SerializeToElement(new { plan = "plan_1", title = "t", reason = "r" }),
            Targets = [target with { Type = "plan", Repository = "infra", Plan = new PlanFacts { Creates = 3, Types = ["aws_s3_bucket", "aws_vpc"], TagsOnEvery = ["owner"], CostDelta = 12m } }],
        };
        foreach (var count in Sizes)
        {
            var before = GC.GetTotalMemory(true);
            var rulebook = Read(folder, count);
            var guard = new PolicyGuard(new PoliciesInForce(rulebook), null, TimeProvider.System);
            await guard.CheckAsync(proposal, CancellationToken.None);
            var held = GC.GetTotalMemory(true) - before;
            foreach (var (name, call) in new[] { ("search_resources", governed.Call), ("describe_resource of 1", governed.Call with { Targets = [target] }), ("propose_change", proposal) })
            {
                var times = new double[Checks];
                var began = Stopwatch.GetTimestamp();
                while (Stopwatch.GetElapsedTime(began) < Warm)
                {
                    await guard.CheckAsync(call, CancellationToken.None);
                }

                var bytes = GC.GetAllocatedBytesForCurrentThread();
                for (var index = 0; index < Checks; index++)
                {
                    began = Stopwatch.GetTimestamp();
                    await guard.CheckAsync(call, CancellationToken.None);
                    times[index] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
                }

                bytes = (GC.GetAllocatedBytesForCurrentThread() - bytes) / Checks;
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {count:N0} | {name} | {Median(times):F1} µs | {times.Order().ElementAt(Checks * 99 / 100):F1} µs | {bytes:N0} | {held / 1e3:N0} KB |"));
            }
        }
    }

    /// <summary>A call through every guard with and without rules, in turns.</summary>
    private static async Task CallsAsync(string folder, TextWriter output)
    {
        await using var plain = new Governed(new AuditSettings());
        await using var ruled = new Governed(new AuditSettings(), new PoliciesInForce(Read(folder, 1_000)));
        var times = new Dictionary<Governed, List<double>> { [plain] = [], [ruled] = [] };
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < 5 * Warm)
        {
            foreach (var (pipeline, taken) in times)
            {
                var started = Stopwatch.GetTimestamp();
                await pipeline.GovernedAsync();
                if (Stopwatch.GetElapsedTime(began) > Warm)
                {
                    taken.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
                }
            }
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"\nA governed call of 4 KB, median of {times[plain].Count:N0} in turns: {Median(times[plain]):F1} µs without rules, {Median(times[ruled]):F1} µs with 1,000"));
    }

    private static double Median(IReadOnlyCollection<double> times) => times.Order().ElementAt(times.Count / 2);
}
