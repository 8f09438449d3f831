namespace McpInfra.Guardrails.Audit;

/// <summary>Calls begun and not ended, over all writers: an end may be in another writer's file than its begin.</summary>
internal sealed class OpenCalls(int most)
{
    private readonly Dictionary<string, AuditRecord> begun = new(StringComparer.Ordinal);
    private readonly HashSet<string> endedElsewhere = new(StringComparer.Ordinal);

    /// <summary>Whether there were more than can be kept.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Those that are open when everything was noted, oldest first.</summary>
    public IReadOnlyList<AuditRecord> All => [.. begun.Values.Where(record => !endedElsewhere.Contains(record.Call)).OrderBy(record => record.Time)];

    /// <summary>Notes a record.</summary>
    public void Note(string writer, AuditMembers members, ReadOnlySpan<byte> line)
    {
        switch (members.Kind)
        {
            case "begin" when begun.Count >= most:
                IsCut = true;
                break;
            case "begin":
                if (AuditRecord.Parse(writer, line) is { } record)
                {
                    begun[members.Call] = record;
                }

                break;
            case "end" when !begun.Remove(members.Call) && endedElsewhere.Count < 10 * most:
                endedElsewhere.Add(members.Call);
                break;
        }
    }
}
