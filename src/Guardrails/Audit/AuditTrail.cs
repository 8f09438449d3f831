using System.Globalization;
using System.Security.Cryptography;

namespace McpInfra.Guardrails.Audit;

/// <summary>
/// The trail of one process in a state folder: `audit/WRITER.jsonl`, chained, under a signed head, named in the signed index.
/// docs/audit-trail.md is the format. Safe for concurrent use; several processes share a folder, each with a file of its own.
/// </summary>
public sealed class AuditTrail : IAuditTrail, IAsyncDisposable
{
    private static readonly TimeSpan DiskDeadline = TimeSpan.FromSeconds(20);
    private readonly AuditFolder folder;
    private readonly FileLock alive;
    private readonly AuditKey key;
    private readonly AuditJournal journal;
    private readonly AuditAttestation attestation;
    private readonly AuditSettings settings;
    private readonly TimeProvider time;
    private int disposed;

    private AuditTrail(AuditFolder folder, string writer, FileLock alive, AuditKey key, AuditSettings settings, TimeProvider time)
    {
        (this.folder, Writer, this.alive, this.key, this.settings, this.time) = (folder, writer, alive, key, settings, time);
        var records = new AuditFile(PrivateFiles.Create(folder.Records(writer), FileShare.ReadWrite | FileShare.Delete));
        journal = new AuditJournal(records, writer, time);
        attestation = new AuditAttestation(
            writer, journal, records, PrivateFiles.Create(folder.Head(writer), FileShare.ReadWrite | FileShare.Delete), key, time);
    }

    /// <summary>The name of this process's file, without its ending.</summary>
    public string Writer { get; }

    /// <summary>Begins this process's file in the trail of a state folder, made with folders and key when there are none.</summary>
    /// <exception cref="IOException">The folder cannot be written or has no file locks.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to another account.</exception>
    /// <exception cref="InvalidOperationException">The trail that is there was tampered with, or its key is gone.</exception>
    public static AuditTrail Open(string stateFolder, TimeProvider time, AuditSettings? settings = null)
    {
        var folder = AuditFolder.Of(Path.GetFullPath(stateFolder));
        PrivateFiles.Folder(Path.GetFullPath(stateFolder));
        PrivateFiles.Folder(folder.Path);
        using var changing = FileLock.Take(folder.IndexLock);
        var key = AuditKey.OpenPrivate(folder);
        var index = AuditIndex.Read(folder, key);
        var started = time.GetUtcNow();
        var writer = started.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + "-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

        // Files first, index last: a crash in between leaves an empty file that nothing names, and nothing named that is not there.
        var alive = Claim(folder, writer);
        var trail = new AuditTrail(folder, writer, alive, key, settings ?? new AuditSettings(), time);
        PrivateFiles.FlushFolder(folder.Path);
        index.With(writer, AuditClock.Text(started)).Write(folder, key);
        return trail;
    }

    /// <inheritdoc/>
    public async ValueTask BeginAsync(AuditEntry entry, bool durable, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (attestation.IsFailing)
        {
            await attestation.NowAsync().WaitAsync(DiskDeadline, time, CancellationToken.None);
        }

        await journal.AppendAsync("begin"u8, entry);
        if (!durable && !settings.DurableAll)
        {
            attestation.Soon();
            return;
        }

        try
        {
            await attestation.NowAsync().WaitAsync(DiskDeadline, time, CancellationToken.None);
        }
        catch
        {
            await journal.AppendAsync("end"u8, entry with { Arguments = null, Outcome = "denied", Verdict = NotDurable });
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(AuditEntry entry, CancellationToken stop) => AppendAsync("end"u8, entry);

    /// <inheritdoc/>
    public ValueTask EventAsync(AuditEntry entry, CancellationToken stop) => AppendAsync("event"u8, entry);

    /// <summary>
    /// Closes calls that writers now dead had begun: as `interrupted`, in this process's file; and signs those writers' last heads.
    /// `serve` does so once after it has started. Another process that is doing it is left to it.
    /// </summary>
    public async Task<Recovered> RecoverAsync(CancellationToken stop)
    {
        using var recovery = new AuditRecovery(folder, Writer, key, time);
        var found = await Task.Run(() => recovery.Find(stop), stop);
        foreach (var begun in found.Interrupted)
        {
            await AppendAsync("end"u8, begun with { Outcome = "interrupted", Trace = null });
        }

        await attestation.NowAsync();
        recovery.Close();
        return found;
    }

    /// <summary>The clean end: the last head is signed, and no record is admitted any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        try
        {
            journal.Close();
            await attestation.CloseAsync();
            File.Delete(folder.Lock(Writer));
        }
        finally
        {
            await attestation.DisposeAsync();
            journal.Dispose();
            key.Dispose();
            alive.Dispose();
        }
    }

    private static Verdict NotDurable { get; } = Verdict.Deny("audit", "the begin of the call did not reach the disk", "Free the disk or mend the state folder");

    private ValueTask AppendAsync(ReadOnlySpan<byte> kind, AuditEntry entry)
    {
        var appended = journal.AppendAsync(kind, entry);
        attestation.Soon();
        return appended;
    }

    private static FileLock Claim(AuditFolder folder, string writer)
    {
        var path = folder.Lock(writer);
        var alive = FileLock.TryTake(path) ?? throw new IOException($"{path} is held by another process.");
        if (FileLock.TryTake(path) is { } second)
        {
            // Without locks, a living writer would look dead to the next.
            second.Dispose();
            alive.Dispose();
            throw new IOException($"The file system of {folder.Path} has no file locks. Use a state folder on a local disk.");
        }

        return alive;
    }
}
