using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Audit;
using Microsoft.Extensions.Logging;

namespace McpInfra.Host.Edge.Wire;

/// <summary>Puts messages that could not be read on the trail, one event each: what was wrong and how long it was, nothing of what it said.</summary>
/// <param name="trail">The trail.</param>
/// <param name="organization">The organisation of this server.</param>
/// <param name="time">Now, for the event's id.</param>
/// <param name="log">Where a trail that cannot be written is reported.</param>
public sealed class UnreadableMessages(IAuditTrail trail, string organization, TimeProvider time, ILogger<UnreadableMessages> log)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Records one. The message is refused whether or not it can be recorded.</summary>
    public async ValueTask RecordAsync(Unreadable fault, long bytes, Peer peer)
    {
        try
        {
            using var deadline = new CancellationTokenSource(Deadline, time);
            await trail.EventAsync(
                new AuditEntry
                {
                    Call = "event_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
                    Organization = organization,
                    Person = peer.Person,
                    Session = peer.Session,
                    Client = peer.Client,
                    Operation = "message refused",
                    Arguments = new JsonObject { ["code"] = fault.Code, ["reason"] = fault.Message, ["bytes"] = bytes, ["transport"] = peer.Transport },
                },
                deadline.Token);
        }
        catch (Exception exception)
        {
            log.LogCritical(exception, "A refused message could not be recorded");
        }
    }
}
