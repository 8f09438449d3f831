using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Audit;
using McpInfra.Graph.Hcl;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans;

/// <summary>Where plans go when they are made: the store, the trail, and the graph that says what they touch.</summary>
/// <param name="store">Keeps them.</param>
/// <param name="audit">Records what they reached.</param>
/// <param name="impact">Knows what their addresses are.</param>
/// <param name="time">The clock.</param>
public sealed class PlanRecord(PlanStore store, IAuditTrail audit, IImpact impact, TimeProvider time)
{
    private const int MostImpact = 100;
    private const int MostInRecord = 100;

    /// <summary>How the egress proxy sees the world.</summary>
    public Outside Outside { get; init; } = Outside.System;

    /// <summary>What the rules would make of a plan's proposal; null where no rule is configured.</summary>
    public Func<Caller, Plan, PlanCheck?> Forecast { get; init; } = (_, _) => null;

    /// <summary>Begins what the graph's first answer would wait for.</summary>
    internal void Prepare(string organization) => impact.Prepare(organization);

    /// <summary>What the graph knows of the changed addresses.</summary>
    internal ValueTask<IReadOnlyDictionary<string, AddressImpact>> ImpactAsync(PlanRequest request, PlanContents contents, CancellationToken stop) =>
        impact.OfAsync(request.Caller.Organization, request.Repository.Name, request.Stack.Path, [.. contents.Changes.Select(change => change.Address).Take(MostImpact)], stop);

    /// <summary>Writes into the trail what a run is about to ask, before it is asked.</summary>
    internal async Task AskedAsync(string id, PlanRequest request, IReadOnlyList<EgressRecord> asked) =>
        await audit.EventAsync(Entry(request, "plan request", new JsonObject { ["plan"] = id, ["requests"] = new JsonArray([.. asked.Select(Shown)]) }), CancellationToken.None);

    /// <summary>Writes into the trail what a run reached and what it was refused, counted.</summary>
    internal async Task ReachedAsync(string id, PlanRequest request, IReadOnlyList<EgressRecord> reached, CancellationToken stop)
    {
        foreach (var page in reached.Chunk(MostInRecord))
        {
            await audit.EventAsync(Entry(request, "plan egress", new JsonObject { ["plan"] = id, ["endpoints"] = new JsonArray([.. page.Select(Counted)]) }), stop);
        }
    }

    /// <summary>Whether the plan of this id is kept, and nothing that it rests on has moved.</summary>
    internal async Task<bool> StandsAsync(string id, PlanRequest request, CancellationToken stop) =>
        store.Find(id, request.Caller) is { } plan && (await store.MovedAsync(plan, request.Caller, stop)).Count == 0;

    private static AuditEntry Entry(PlanRequest request, string operation, JsonObject arguments) => AuditEntry.Event(request.Caller, request.Call, operation, arguments);

    private static JsonObject Counted(EgressRecord record)
    {
        var shown = Shown(record);
        (shown["requests"], shown["sent"], shown["received"]) = (record.Requests, record.Sent, record.Received);
        return shown;
    }

    private static JsonObject Shown(EgressRecord record)
    {
        var shown = new JsonObject
        {
            ["endpoint"] = record.Endpoint,
            ["allowed"] = record.Allowed,
            ["reason"] = record.Reason,
        };
        if (record.Asked is { } asked)
        {
            shown["service"] = asked.Service;
            shown["region"] = asked.Region;
            shown["action"] = asked.Action;
            shown["resource"] = asked.Resource;
            shown["decision"] = !record.Allowed ? "refused" : record.Answered ? "answered by us" : "forwarded";
        }

        return shown;
    }

    /// <summary>Drift reports, to page on in.</summary>
    public DriftReports Drifts { get; } = new(time);

    /// <summary>Keeps what a refresh found.</summary>
    internal DriftReport Report(string id, PlanRequest request, PlanEvidence evidence, IReadOnlyDictionary<string, AddressImpact> impact)
    {
        var report = new DriftReport
        {
            Id = id,
            Environment = request.Stack.Environment,
            Serial = evidence.Now.State.Serial,
            Contents = evidence.Contents,
            NotCompared = evidence.NotCompared,
            Impact = impact,
            Checks = evidence.Checks,
            Endpoints = evidence.Endpoints,
            Time = time.GetUtcNow(),
        };
        Drifts.Keep(request, report);
        return report;
    }

    /// <summary>Keeps a plan that was made.</summary>
    internal Plan Keep(string id, PlanRequest request, PlannedCode code, PlanEvidence evidence, IReadOnlyDictionary<string, AddressImpact> touched, byte[] providers)
    {
        var rests = new Dictionary<string, string>(evidence.Now.Rests)
        {
            ["tree"] = code.Tree,
            ["repository"] = request.Repository.Name,
            ["stack"] = request.Stack.Path,
            ["from"] = request.From ?? "",
            ["variables"] = Hash(code.Files.Where(file => CodePath.Folder(file.Path) == request.Stack.Path && EngineFiles.IsAutomatic(CodePath.Name(file.Path)))),
            ["modules"] = Hash(code.Files.Where(file => evidence.Rules.Folders.Contains(CodePath.Folder(file.Path)))),
            ["fetched"] = evidence.Fetched.Marks,
            ["packages"] = Convert.ToHexStringLower(SHA256.HashData(providers)),
            ["remote"] = RemoteOutputs.Marks(evidence.Remote),
            ["plan"] = evidence.Contents.Hash,
        };
        var plan = new Plan
        {
            Id = id,
            Organization = request.Caller.Organization,
            Person = request.Caller.Person,
            Agent = request.Caller.Agent.Name,
            Session = request.Caller.Session.Id,
            Repository = request.Repository.Name,
            Stack = request.Stack.Path,
            Environment = request.Stack.Environment,
            Base = evidence.Now.Base.Commit,
            Tree = code.Tree,
            Files = code.Changed,
            Digest = PlanDigest.Of(rests),
            Rests = rests,
            Changes = [.. evidence.Contents.Changes.Select(change => new PlannedChange(change.Address, change.Action, touched.GetValueOrDefault(change.Address)?.Resource) { Affected = touched.GetValueOrDefault(change.Address)?.Affected })],
            Facts = FactsOf(evidence.Contents, touched),
            Checks = evidence.Checks,
            Warnings = [.. evidence.Rules.Warnings.Select(warning => warning.ToString())],
            NotCompared = evidence.NotCompared,
            Endpoints = evidence.Endpoints,
            Diff = evidence.Contents.Diff,
            Time = time.GetUtcNow(),
        };
        plan = Forecast(request.Caller, plan) is { } forecast ? plan with { Checks = [.. plan.Checks, forecast] } : plan;
        store.Keep(plan);
        return plan;
    }

    private static PlanFacts FactsOf(PlanContents contents, IReadOnlyDictionary<string, AddressImpact> touched) => contents.Facts with
    {
        Impact = contents.Changes.Sum(change => (long)(touched.GetValueOrDefault(change.Address)?.Affected ?? 0)),
        ImpactUnknown = contents.Changes.Count(change => change.Action is "update" or "replace" or "delete" && !touched.ContainsKey(change.Address)),
    };

    private static string Hash(IEnumerable<TreeFile> files)
    {
        var listing = JsonSerializer.SerializeToUtf8Bytes(files.Select(file => new[] { file.Path, file.Mode, file.Blob }));
        return Convert.ToHexStringLower(SHA256.HashData(listing));
    }
}
