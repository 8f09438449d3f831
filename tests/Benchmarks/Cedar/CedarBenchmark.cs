using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Cedar;
using McpInfra.TestKit;

namespace McpInfra.Benchmarks.Cedar;

/// <summary>
/// What a decision takes with 10, 100 and 1,000 policies over 10,000 entities, what starting takes and what is held in memory; the
/// official engine beside it, on the same policies and requests, turn by turn.
/// </summary>
internal static class CedarBenchmark
{
    private const int Warm = 20_000;
    private const int Decisions = 100_000;
    private const int Engine = 400;

    /// <summary>Prints a table; 0.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        var used = Environment.CpuUsage.TotalTime;
        var cold = Start(1_000);
        used = Environment.CpuUsage.TotalTime - used;
        var warm = Enumerable.Range(0, 9).Select(_ => Start(1_000)).Order().ElementAt(4);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"1,000 policies read, indexed and asked once: {cold:F0} ms ({used.TotalMilliseconds:F0} ms of processor) in a process that has read none, {warm:F1} ms later"));
        var schema = Schema.Parse(Estate.SchemaText).Require();
        var before = GC.GetTotalMemory(true);
        var entities = EntityStore.From(Estate.Entities(schema)).Require();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{entities.All.Count:N0} entities hold {(GC.GetTotalMemory(true) - before) / 1e6:F1} MB"));
        using var engine = CedarWasm.TryStart();
        await output.WriteLineAsync("| policies | median | p99 | bytes a decision | set holds | validated in | official engine, median | p99 |\n|---|---|---|---|---|---|---|---|");
        foreach (var count in new[] { 2, 10, 100, 1_000 })
        {
            await output.WriteLineAsync(await MeasureAsync(count, schema, entities, engine));
        }

        return 0;
    }

    private static double Start(int count)
    {
        var text = new SourceText("policies.cedar", Estate.Policies(count));
        var began = Stopwatch.GetTimestamp();
        var set = PolicySet.Parse([text], PolicyNaming.Annotation).Require();
        Authorizer.Decide(set, Estate.Request(new Random(1)), EntityStore.Empty);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<string> MeasureAsync(int count, Schema schema, EntityStore entities, CedarWasm? engine)
    {
        var before = GC.GetTotalMemory(true);
        var policies = PolicySet.Parse([new SourceText("policies.cedar", Estate.Policies(count))], PolicyNaming.Annotation).Require();
        Authorizer.Decide(policies, Estate.Request(new Random(1)), entities);
        var held = GC.GetTotalMemory(true) - before;
        var began = Stopwatch.GetTimestamp();
        var report = schema.Validate(policies);
        var validated = Stopwatch.GetElapsedTime(began);
        if (!report.IsValid)
        {
            throw new InvalidDataException($"The benchmark's policies are not valid: {report.Errors[0]}");
        }

        var random = new Random(count);
        var requests = Enumerable.Range(0, Decisions).Select(_ => Estate.Request(random)).ToArray();
        foreach (var request in requests.AsSpan(0, Warm))
        {
            Authorizer.Decide(policies, request, entities);
        }

        var theirs = engine is null ? [] : await AskEngineAsync(engine, count, requests.AsSpan(0, Engine).ToArray(), entities);
        var times = new double[Decisions];
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < Decisions; index++)
        {
            var start = Stopwatch.GetTimestamp();
            Authorizer.Decide(policies, requests[index], entities);
            times[index] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        bytes = (GC.GetAllocatedBytesForCurrentThread() - bytes) / Decisions;
        return string.Create(CultureInfo.InvariantCulture, $"| {count:N0} | {At(times, 0.5):F1} µs | {At(times, 0.99):F1} µs | {bytes:N0} | {held / 1e3:N0} KB | {validated.TotalMilliseconds:F0} ms | {Their(theirs, 0.5)} | {Their(theirs, 0.99)} |");
    }

    private static string Their(double[] times, double part) => times.Length == 0 ? "not installed" : string.Create(CultureInfo.InvariantCulture, $"{At(times, part):F0} µs");

    private static double At(double[] times, double part) => times.Order().ElementAt((int)(times.Length * part));

    /// <summary>It is handed its entities with each request: here only those that the request is about, and what they are in.</summary>
    private static async Task<double[]> AskEngineAsync(CedarWasm engine, int count, Request[] requests, EntityStore entities)
    {
        var times = new List<double>();
        foreach (var request in requests.Prepend(requests[0]))
        {
            var near = new[] { request.Principal, request.Action, request.Resource }.Select(entities.Find).OfType<Entity>().ToList();
            near.AddRange(near.SelectMany(entity => entity.Parents).Select(entities.Find).OfType<Entity>().ToList());
            near.AddRange(near.SelectMany(entity => entity.Parents).Select(entities.Find).OfType<Entity>().ToList());
            var asked = new JsonObject
            {
                ["principal"] = Json(request.Principal),
                ["action"] = Json(request.Action),
                ["resource"] = Json(request.Resource),
                ["context"] = JsonNode.Parse(Context(request)),
            };
            var batch = new JsonObject
            {
                ["time"] = true,
                ["policies"] = Estate.Policies(count),
                ["entities"] = JsonNode.Parse(EntityStore.From(near.DistinctBy(entity => entity.Uid)).Require().ToJson()),
                ["requests"] = new JsonArray([asked, .. Enumerable.Range(0, 3).Select(_ => asked.DeepClone())]),
            };
            times.AddRange(JsonSerializer.Deserialize<Timing>(await engine.AskAsync(batch.ToJsonString()), JsonSerializerOptions.Web)!.Times.Skip(1));
        }

        return [.. times];
    }

    private static string Context(Request request) => EntityStore.From([new Entity(request.Action, request.Context)]).Require().ToJson() is var json && JsonNode.Parse(json) is { } node ? node[0]!["attrs"]!.ToJsonString() : "{}";

    private static JsonObject Json(EntityUid uid) => new() { ["type"] = uid.Type, ["id"] = uid.Id };

    private sealed record Timing(double Start, double[] Times);
}
