namespace McpInfra.Guardrails.Audit;

/// <summary>The append-only trail. A method that returns has recorded; a record that cannot be written throws.</summary>
public interface IAuditTrail
{
    /// <summary>Records that a call begins. One that throws has left no call open. Returns when the record has reached the operating system or, with <paramref name="durable"/>, the disk with the writer's signed head.</summary>
    ValueTask BeginAsync(AuditEntry entry, bool durable, CancellationToken stop);

    /// <summary>Records how a call ended. Returns when the record has reached the operating system.</summary>
    ValueTask EndAsync(AuditEntry entry, CancellationToken stop);

    /// <summary>Records something that is not a call: a message that cannot be parsed, a credential issued, a freeze.</summary>
    ValueTask EventAsync(AuditEntry entry, CancellationToken stop);
}
