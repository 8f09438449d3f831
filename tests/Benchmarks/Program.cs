using System.Globalization;
using McpInfra.Benchmarks.Cedar;
using McpInfra.Benchmarks.Detection;
using McpInfra.Benchmarks.Egress;
using McpInfra.Benchmarks.Graph;
using McpInfra.Benchmarks.Hcl;
using McpInfra.Benchmarks.Pipelines;
using McpInfra.Benchmarks.Plans;
using McpInfra.Benchmarks.Policies;
using McpInfra.Benchmarks.States;
using McpInfra.Benchmarks.Stdio;
using McpInfra.Benchmarks.TokenCost;

// dotnet run -c Release --project tests/Benchmarks -- MODE
switch (args)
{
    case ["pipeline"]:
        return await PipelineBenchmark.RunAsync(Console.Out);
    case ["stages"]:
        return await StagesBenchmark.RunAsync(Console.Out);
    case ["detection"]:
        return await ThroughputBenchmark.RunAsync(Console.Out);
    case ["fuzz", var seed, var count]:
        return await FuzzBenchmark.RunAsync(int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture), Console.Out);
    case ["worst"]:
        return await WorstBenchmark.NamedAsync(Console.Out);
    case ["worst", "pairs"]:
        return await WorstBenchmark.PairsAsync(Console.Out);
    case ["plan", var kind and ("cold" or "warm")]:
        return await PlanBenchmark.RunAsync(kind == "cold", Console.Out, CancellationToken.None);
    case ["proxy"]:
        return await SigningProxyBenchmark.RunAsync(Console.Out);
    case ["stdio"]:
        return await StdioBenchmark.RunAsync(Console.Out);
    case ["serve-governed"]:
        return await StdioBenchmark.ServeAsync();
    case ["serve-edge"]:
        return await StdioBenchmark.ServeEdgeAsync();
    case ["state"]:
        return await StateBenchmark.RunAsync(Console.Out);
    case ["state", "plan", var megabytes, var kilobytes, .. var rest]:
        return await LargeStatePlanBenchmark.RunAsync(int.Parse(megabytes, CultureInfo.InvariantCulture), int.Parse(kilobytes, CultureInfo.InvariantCulture), withPlain: rest is not ["alone"], Console.Out, CancellationToken.None);
    case ["reader"]:
        return await ReaderBenchmark.RunAsync(Console.Out);
    case ["graph", "snapshot", var count, .. var rest]:
        return await GraphBenchmark.SnapshotAsync(int.Parse(count, CultureInfo.InvariantCulture), withReference: rest is not ["alone"], Console.Out, CancellationToken.None);
    case ["graph", "store", var engine and ("sqlite" or "postgres"), .. var counts]:
        return await StoreBenchmark.RunAsync(engine, [.. counts.Select(count => int.Parse(count, CultureInfo.InvariantCulture))], Console.Out, CancellationToken.None);
    case ["tokens"]:
        return await TokenBenchmark.RunAsync(Console.Out, CancellationToken.None);
    case ["cedar"]:
        return await CedarBenchmark.RunAsync(Console.Out);
    case ["policies", var server]:
        return await PolicyBenchmark.RunAsync(server, Console.Out);
    case ["startup", var server, var bare]:
        return await StartupBenchmark.RunAsync(server, bare, Console.Out);
    default:
        await Console.Error.WriteLineAsync("""
            Modes: pipeline (what the guards add to a call, in process); stages (what each cleaning of an answer takes); detection (what one core reads in a second, and what a call allocates); worst [pairs] (hostile texts against ordinary ones); fuzz SEED COUNT (every decoder); stdio (calls a second at 32 at once, against the bare SDK);
            reader (MB/s of code); proxy (requests a second through the signing proxy, against direct); plan cold|warm (plan_change against plain terraform init and plan, on moto); state (sanitising 195 MB); state plan MB KB [alone] (a plan of a state of so many megabytes in instances of so many kilobytes, after plain terraform); cedar (a decision, beside the official engine);
            policies MCP_INFRA (what 1,000 rules of an operator's add to a start, to memory and to a call);
            graph snapshot COUNT [alone] (questions of a generated estate, beside PostgreSQL's recursive queries);
            graph store sqlite|postgres COUNT... (first load, rescan and changes of a generated estate, through the scanner into a store);
            tokens (of our answers to ten questions, against the API answers with the same facts);
            startup MCP_INFRA BARE_SERVER (start to first answer of two published programs)
            """);
        return 2;
}
