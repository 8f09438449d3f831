using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Audit;

namespace McpInfra.Guardrails.Policies;

/// <summary>What the trail keeps of rules beside the verdict of a call: names, places, numbers; no text of the request.</summary>
internal static class PolicyRecords
{
    /// <summary>Rules that applied without refusing, in detail.</summary>
    public static AuditEntry Applied(Call call, Rulebook rulebook, Judgement judgement) => Entry(call, "policy notice", new JsonObject
    {
        ["policies"] = rulebook.Version,
        ["operation"] = call.Operation.Name,
        ["rules"] = new JsonArray([.. judgement.Applying.Where(rule => rule.Severity is not null).Select(Shown)]),
        ["environments"] = new JsonArray([.. call.Targets.Select(target => target.Environment).Distinct().Select(environment => JsonValue.Create(environment))]),
        ["plan"] = call.Targets.FirstOrDefault(target => target.Plan is not null)?.Plan is { } plan ? JsonSerializer.SerializeToNode(plan) : null,
    });

    /// <summary>How the set that is tried would decide otherwise; null when it would not. One that fails differs, too, and decides nothing.</summary>
    public static AuditEntry? Difference(Call call, Rulebook current, Verdict verdict, Rulebook next, DateTimeOffset now)
    {
        Verdict would;
        try
        {
            would = PolicyGuard.Would(call, next, now);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            would = Verdict.Deny(PolicyGuard.GuardName, "the set that is tried failed", "");
        }

        return would.Decision == verdict.Decision && would.Rule == verdict.Rule && would.People == verdict.People ? null : Entry(call, "policy difference", new JsonObject
        {
            ["policies"] = current.Version,
            ["next"] = next.Version,
            ["operation"] = call.Operation.Name,
            ["decision"] = Word(verdict),
            ["rule"] = verdict.Rule,
            ["nextDecision"] = Word(would),
            ["nextRule"] = would.Rule,
        });
    }

    private static string Word(Verdict verdict) => verdict.Decision.ToString().ToLowerInvariant();

    private static JsonObject Shown(Rule rule) => new()
    {
        ["rule"] = rule.Name,
        ["file"] = rule.File,
        ["line"] = rule.Line,
        ["severity"] = rule.Severity?.ToString().ToLowerInvariant(),
        ["label"] = rule.Label,
    };

    private static AuditEntry Entry(Call call, string what, JsonObject facts) => AuditEntry.Event(call.Caller, call.Id, what, facts);
}
