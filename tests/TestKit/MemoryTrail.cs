using System.Collections.Concurrent;
using McpInfra.Guardrails.Audit;

namespace McpInfra.TestKit;

/// <summary>A trail in memory, in the order of writing; can be told to fail.</summary>
public sealed class MemoryTrail : IAuditTrail
{
    private readonly ConcurrentQueue<(string Kind, AuditEntry Entry)> records = new();

    /// <summary>Everything recorded: kind (begin, end, event) and entry.</summary>
    public IReadOnlyList<(string Kind, AuditEntry Entry)> Records => [.. records];

    /// <summary>True makes every write throw, as a full disk does.</summary>
    public bool IsBroken { get; set; }

    /// <inheritdoc/>
    public ValueTask BeginAsync(AuditEntry entry, bool durable, CancellationToken stop) => WriteAsync("begin", entry);

    /// <inheritdoc/>
    public ValueTask EndAsync(AuditEntry entry, CancellationToken stop) => WriteAsync("end", entry);

    /// <inheritdoc/>
    public ValueTask EventAsync(AuditEntry entry, CancellationToken stop) => WriteAsync("event", entry);

    private ValueTask WriteAsync(string kind, AuditEntry entry)
    {
        if (IsBroken)
        {
            throw new IOException("The disk is full.");
        }

        records.Enqueue((kind, entry));
        return default;
    }
}
