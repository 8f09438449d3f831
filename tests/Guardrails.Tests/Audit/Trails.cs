using System.Text.Json.Nodes;
using McpInfra.Guardrails.Audit;

namespace McpInfra.Guardrails.Tests.Audit;

/// <summary>Trails made for tests.</summary>
internal static class Trails
{
    public static AuditEntry Entry(string call, string operation = "search_resources", string? outcome = null, string? person = "ada") => new()
    {
        Call = call, Organization = "acme", Person = person, Agent = "planner", Session = "s1", Client = "test", Operation = operation,
        Arguments = outcome is null ? new JsonObject { ["text"] = "bucket" } : null, Outcome = outcome,
    };

    public static async Task CallAsync(this AuditTrail trail, string call, bool durable = false, string operation = "search_resources")
    {
        await trail.BeginAsync(Entry(call, operation), durable, CancellationToken.None);
        await trail.EndAsync(Entry(call, operation, "answered"), CancellationToken.None);
    }

    /// <summary>A trail of so many finished calls, cleanly ended; returns its writer.</summary>
    public static async Task<string> MakeAsync(ScratchFolder state, int calls, TimeProvider? time = null, string prefix = "call_")
    {
        await using var trail = AuditTrail.Open(state.Path, time ?? TimeProvider.System);
        for (var number = 1; number <= calls; number++)
        {
            await trail.CallAsync(prefix + number);
        }

        return trail.Writer;
    }

    public static string Records(this ScratchFolder state, string writer) => state.In("audit", writer + ".jsonl");
}
