using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Pinning;
using McpInfra.Host.Edge;
using McpInfra.Storage;
using Microsoft.Extensions.Logging;

namespace McpInfra.Host.Composition;

/// <summary>Compares at each start what models are told of this server with what the operator accepted, and tells what differs.</summary>
internal static class OwnPins
{
    /// <summary>This server among those that are pinned.</summary>
    public const string Server = "mcp-infra";

    /// <summary>What models are told: operations, resources, instructions.</summary>
    public static IReadOnlyList<PinnedText> Told(Catalogue catalogue) =>
    [
        .. catalogue.All.Select(PinnedText.Of),
        .. ResourceRoute.Infra.Select(route => new PinnedText($"uri {route.Uri}", $"{route.Name}: {route.Description}")),
        new PinnedText("instructions", Instructions.Text),
    ];

    /// <summary>Notes and tells.</summary>
    public static async Task CheckAsync(Pins pins, Catalogue catalogue, string organization, IAuditTrail trail, ILogger log, CancellationToken stop)
    {
        try
        {
            var changes = pins.Note(Server, Told(catalogue));
            if (changes.Count == 0)
            {
                return;
            }

            log.LogWarning("What models are told of {Count} operations differs from what was accepted ({Changes}). An update of mcp-infra does that; look with `mcp-infra pins show`, then run: mcp-infra pins accept", changes.Count, string.Join(", ", changes));
            await trail.EventAsync(Event(organization, "operations differ from their pins", changes), stop);
        }
        catch (StoreUnavailableException)
        {
            log.LogWarning("The pins of operations could not be compared, for the store does not answer. The next start tries again.");
        }
    }

    /// <summary>What the trail records of changes.</summary>
    public static AuditEntry Event(string organization, string what, IReadOnlyList<PinChange> changes, string? person = null) => new()
    {
        Call = "event_" + Guid.CreateVersion7().ToString("N"), Organization = organization, Person = person, Operation = what,
        Arguments = new JsonObject { ["server"] = Server, ["changes"] = new JsonArray([.. changes.Select(change => JsonValue.Create(change.ToString()))]) },
    };
}
