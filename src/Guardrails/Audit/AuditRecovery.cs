namespace McpInfra.Guardrails.Audit;

/// <summary>
/// Finds what dead writers left open, and signs their last heads. A writer is dead when the lock that its process held is free.
/// Interrupting is done once: ends are written before a writer is marked as ended, and an end that a recoverer wrote before it died counts.
/// </summary>
internal sealed class AuditRecovery(AuditFolder folder, string self, AuditKey key, TimeProvider time) : IDisposable
{
    private const int MostOpen = 100_000;
    private readonly Dictionary<string, AuditHead> ends = [];
    private readonly List<FileLock> claims = [];
    private readonly FileLock? sole = FileLock.TryTake(folder.RecoveryLock);

    /// <summary>Reads every dead writer's records.</summary>
    public Recovered Find(CancellationToken stop)
    {
        if (sole is null)
        {
            return new Recovered([], []);
        }

        var open = new OpenCalls(MostOpen);
        var damaged = new List<string>();
        foreach (var entry in AuditIndex.Read(folder, key).Writers.Where(entry => entry.Seq is null && entry.Writer != self))
        {
            var head = AuditHead.Read(folder.Head(entry.Writer), entry.Writer, key);
            if (head is { Closed: true })
            {
                ends.Add(entry.Writer, head);
            }
            else if (FileLock.TryTake(folder.Lock(entry.Writer)) is { } claim)
            {
                claims.Add(claim);
                var walk = new AuditWalk(folder, entry.Writer, open);
                if (head is null || walk.Check(head, stop) is not null)
                {
                    damaged.Add(entry.Writer);
                }
                else
                {
                    ends.Add(entry.Writer, new AuditHead(entry.Writer, walk.LastSeq, Convert.ToHexStringLower(walk.LastHash), AuditClock.Text(time.GetUtcNow()), true));
                }
            }
        }

        return new Recovered([.. open.All.Where(record => !damaged.Contains(record.Writer)).Select(record => record.Entry)], damaged);
    }

    /// <summary>Signs the last heads of what was found and marks those writers as ended.</summary>
    public void Close()
    {
        if (ends.Count == 0)
        {
            return;
        }

        foreach (var (writer, head) in ends)
        {
            using var file = PrivateFiles.Open(folder.Head(writer), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(file.SafeFileHandle, head.Sealed(key), 0);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }

        using (FileLock.Take(folder.IndexLock))
        {
            AuditIndex.Read(folder, key).WithEnds(ends).Write(folder, key);
        }

        foreach (var writer in ends.Keys)
        {
            File.Delete(folder.Lock(writer));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        claims.ForEach(claim => claim.Dispose());
        sole?.Dispose();
    }
}
