namespace McpInfra.Guardrails.Audit;

/// <summary>Reads the records of all writers in the order of time, without checking them: <see cref="AuditVerifier"/> does.</summary>
public static class AuditReader
{
    /// <summary>All records that match, oldest first, in memory that does not grow with the trail. A line that is no record is left out.</summary>
    /// <param name="folder">The state folder, or a copy of its audit folder.</param>
    /// <param name="filter">Which records; null for all.</param>
    public static IEnumerable<AuditRecord> Read(string folder, AuditFilter? filter = null)
    {
        var place = AuditFolder.Named(folder);
        return Directory.Exists(place.Path) ? Merge(place).Where(record => filter?.Matches(record) ?? true) : [];
    }

    /// <summary>The last records that match, oldest first.</summary>
    public static IReadOnlyList<AuditRecord> Last(string folder, int count, AuditFilter? filter = null)
    {
        var last = new Queue<AuditRecord>();
        foreach (var record in Read(folder, filter))
        {
            last.Enqueue(record);
            if (last.Count > count)
            {
                last.Dequeue();
            }
        }

        return [.. last];
    }

    // A writer's name begins with the time of its start, so its file is opened only when the merge has come that far.
    private static IEnumerable<AuditRecord> Merge(AuditFolder folder)
    {
        var waiting = new Queue<string>(folder.Writers());
        var heads = new PriorityQueue<IEnumerator<AuditRecord>, DateTimeOffset>();
        try
        {
            while (waiting.Count > 0 || heads.Count > 0)
            {
                while (waiting.TryPeek(out var writer) && (heads.Count == 0 || string.CompareOrdinal(writer, $"{heads.Peek().Current.Time:yyyyMMdd'T'HHmmss'Z'}~") <= 0))
                {
                    Add(heads, Records(folder, waiting.Dequeue()).GetEnumerator());
                }

                if (heads.TryDequeue(out var first, out _))
                {
                    yield return first.Current;
                    Add(heads, first);
                }
            }
        }
        finally
        {
            foreach (var (head, _) in heads.UnorderedItems)
            {
                head.Dispose();
            }
        }
    }

    private static void Add(PriorityQueue<IEnumerator<AuditRecord>, DateTimeOffset> heads, IEnumerator<AuditRecord> records)
    {
        if (records.MoveNext())
        {
            heads.Enqueue(records, records.Current.Time);
        }
        else
        {
            records.Dispose();
        }
    }

    private static IEnumerable<AuditRecord> Records(AuditFolder folder, string writer)
    {
        using var lines = new AuditLines(folder.Records(writer));
        while (Next(lines, writer, out var record))
        {
            if (record is not null)
            {
                yield return record;
            }
        }
    }

    private static bool Next(AuditLines lines, string writer, out AuditRecord? record)
    {
        var any = lines.TryRead(out var line);
        record = any ? AuditRecord.Parse(writer, line) : null;
        return any;
    }
}
