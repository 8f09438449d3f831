namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>What a run attempted: like attempts are counted together, and past a bound only their kind is kept, so that none is lost in the count.</summary>
/// <param name="journal">Writes each down as it happens; null for nobody.</param>
public sealed class EgressLog(EgressJournal? journal = null)
{
    private const int MostRecords = 2000;

    private readonly Lock gate = new();
    private readonly Dictionary<Key, EgressRecord> records = [];
    private readonly List<Key> order = [];

    /// <summary>In the order in which each kind was first seen.</summary>
    public IReadOnlyList<EgressRecord> Records
    {
        get
        {
            lock (gate)
            {
                return [.. order.Select(key => records[key])];
            }
        }
    }

    /// <summary>Tells of what is about to happen; it may happen once this completes.</summary>
    /// <exception cref="EgressRefusedException">It cannot be written down.</exception>
    public Task TellAsync(EgressRecord record) => journal?.AddAsync(record) ?? Task.CompletedTask;

    /// <summary>Tells of it and counts it.</summary>
    /// <exception cref="EgressRefusedException">It cannot be written down.</exception>
    public async Task TellAndAddAsync(EgressRecord record)
    {
        Add(record);
        await TellAsync(record);
    }

    /// <summary>Counts attempts.</summary>
    public void Add(EgressRecord record)
    {
        lock (gate)
        {
            var key = Key.Of(record);
            if (!records.ContainsKey(key) && records.Count >= MostRecords)
            {
                record = record with { Endpoint = "others", Asked = record.Asked is { } asked ? asked with { Resource = null, Action = "others", Region = "" } : null };
                record = record.Asked is { Service.Length: > 0 } && record.Allowed ? record : record with { Asked = null }; // Services that were let through are few; names of others may be anything.
                key = Key.Of(record);
            }

            if (records.TryGetValue(key, out var before))
            {
                records[key] = before with { Requests = before.Requests + record.Requests, Sent = before.Sent + record.Sent, Received = before.Received + record.Received };
                return;
            }

            records.Add(key, record);
            order.Add(key);
        }
    }

    private sealed record Key(string Endpoint, bool Allowed, bool Answered, string Reason, CloudAction? Asked)
    {
        public static Key Of(EgressRecord record) => new(record.Endpoint, record.Allowed, record.Answered, record.Reason, record.Asked);
    }
}
