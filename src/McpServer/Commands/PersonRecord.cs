using System.Text.Json.Nodes;
using McpInfra.Guardrails.Audit;

namespace McpInfra.Host.Commands;

/// <summary>Puts what a person does on the command line into the trail that has the calls.</summary>
internal static class PersonRecord
{
    /// <summary>Writes one event, which is on disk under a signed head when this returns.</summary>
    /// <exception cref="IOException">The trail cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The trail that is there was tampered with, or its key is gone.</exception>
    public static async Task WriteAsync(Settings.Settings settings, string what, JsonObject facts, CancellationToken stop)
    {
        await using var trail = AuditTrail.Open(settings.StateFolder, TimeProvider.System, new AuditSettings(settings.DurableAudit));
        await trail.EventAsync(
            new AuditEntry
            {
                Call = "event_" + Guid.CreateVersion7().ToString("N"), Organization = settings.Organization, Person = Environment.UserName, Operation = what, Arguments = facts,
            },
            stop);
    }
}
