using System.Buffers;
using System.Security.Cryptography;

namespace McpInfra.Guardrails.Audit;

/// <summary>
/// Chains records and hands them to the operating system. Calls that meet share one write: the first writes, the others' records gather meanwhile.
/// What could not be written is taken back out of the chain, so that the next record follows the last one that is in the file.
/// </summary>
internal sealed class AuditJournal : IDisposable
{
    private const int MostGathered = 16 * 1024 * 1024;
    private readonly Lock gate = new();
    private readonly AuditFile file;
    private readonly TimeProvider time;
    private readonly IncrementalHash hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] hash;
    private long seq;
    private Position written;
    private Batch gathering = new();
    private Batch? spare;
    private bool writing;
    private bool closed;

    public AuditJournal(AuditFile file, string writer, TimeProvider time)
    {
        (this.file, this.time) = (file, time);
        hash = AuditChain.Genesis(writer);
        written = new Position(0, Convert.ToHexStringLower(hash));
    }

    /// <summary>The last record that the operating system has.</summary>
    public Position Written
    {
        get
        {
            lock (gate)
            {
                return written;
            }
        }
    }

    /// <summary>Appends a record; when the task has run, the operating system has it.</summary>
    /// <exception cref="IOException">It is not in the trail.</exception>
    public ValueTask AppendAsync(ReadOnlySpan<byte> kind, AuditEntry entry)
    {
        var body = AuditBody.Of(kind, entry);
        Batch mine;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            if (gathering.Lines.WrittenCount > MostGathered)
            {
                throw new IOException("The audit trail is written more slowly than calls come.");
            }

            AuditChain.Append(gathering.Lines, hasher, seq + 1, time.GetUtcNow().UtcDateTime, body, hash);
            seq++;
            mine = gathering;
            if (writing)
            {
                return new ValueTask(mine.Done);
            }

            writing = true;
            Take(mine);
        }

        return Write(mine) is { } failure ? throw failure : ValueTask.CompletedTask;
    }

    /// <summary>Admits no further record.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        hasher.Dispose();
        file.Dispose();
    }

    private void Take(Batch batch)
    {
        batch.Last = new Position(seq, Convert.ToHexStringLower(hash));
        gathering = spare ?? new Batch();
        spare = null;
    }

    private Exception? Write(Batch batch)
    {
        Exception? failure = null;
        try
        {
            file.Append(batch.Lines.WrittenSpan);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        Batch? next = null, lost = null;
        lock (gate)
        {
            if (failure is null)
            {
                written = batch.Last;
            }
            else
            {
                lost = gathering.Lines.WrittenCount > 0 ? gathering : null;
                gathering = lost is null ? gathering : new Batch();
                seq = written.Seq;
                Convert.FromHexString(written.Hash, hash, out _, out _);
            }

            writing = gathering.Lines.WrittenCount > 0;
            if (writing)
            {
                next = gathering;
                Take(next);
            }
        }

        batch.End(failure);
        lost?.End(failure);
        if (batch.TryReuse())
        {
            lock (gate)
            {
                spare = batch;
            }
        }

        if (next is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Journal.Write(state.Next), (Journal: this, Next: next), preferLocal: false);
        }

        return failure;
    }

    /// <summary>A place in the chain.</summary>
    /// <param name="Seq">Number of the record; 0 before the first.</param>
    /// <param name="Hash">Its hash, hexadecimal.</param>
    internal readonly record struct Position(long Seq, string Hash);

    private sealed class Batch
    {
        private const int MostKept = 1024 * 1024;
        private TaskCompletionSource? done;

        public ArrayBufferWriter<byte> Lines { get; } = new(4096);

        public Position Last { get; set; }

        /// <summary>For those who wait; asked for under the journal's gate.</summary>
        public Task Done => (done ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void End(Exception? failure)
        {
            if (failure is null)
            {
                done?.TrySetResult();
            }
            else
            {
                done?.TrySetException(failure);
            }
        }

        public bool TryReuse()
        {
            if (Lines.Capacity > MostKept)
            {
                return false;
            }

            done = null;
            Lines.ResetWrittenCount();
            return true;
        }
    }
}
