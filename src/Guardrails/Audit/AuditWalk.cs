using System.Security.Cryptography;

namespace McpInfra.Guardrails.Audit;

/// <summary>Goes through one writer's records from the first, checks that each chains to the one before and that the head is met.</summary>
internal sealed class AuditWalk(AuditFolder folder, string writer, OpenCalls open)
{
    /// <summary>Records up to the head.</summary>
    public long Attested { get; private set; }

    /// <summary>Records after the head that chain.</summary>
    public long Unattested { get; private set; }

    /// <summary>The hash of the last record that chains.</summary>
    public byte[] LastHash { get; private set; } = AuditChain.Genesis(writer);

    /// <summary>The number of the last record that chains.</summary>
    public long LastSeq { get; private set; }

    /// <summary>The first fault against the head, or null.</summary>
    public AuditFault? Check(AuditHead head, CancellationToken stop)
    {
        if (!File.Exists(folder.Records(writer)))
        {
            return Fault(AuditFaultKind.Missing, head.Seq > 0 ? 1 : null, "the file is missing");
        }

        using var lines = new AuditLines(folder.Records(writer));
        using var hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hash = new byte[AuditChain.HashSize];
        while (lines.TryRead(out var line))
        {
            stop.ThrowIfCancellationRequested();
            if (AuditMembers.Of(line) is not { } members || members.Seq != LastSeq + 1 || !AuditChain.IsSealed(line, LastHash, hasher, hash))
            {
                return Diagnose(line, lines, hasher);
            }

            LastSeq++;
            hash.CopyTo(LastHash, 0);
            Attested += LastSeq <= head.Seq ? 1 : 0;
            Unattested += LastSeq > head.Seq ? 1 : 0;
            open.Note(writer, members, line);
            if (LastSeq == head.Seq && Convert.ToHexStringLower(hash) != head.Hash)
            {
                return Fault(AuditFaultKind.Changed, LastSeq, $"record {LastSeq} is not the one that the head was signed for: it, or records before it, were rewritten");
            }
        }

        return lines.IsTooLong ? Fault(AuditFaultKind.Changed, LastSeq + 1, $"record {LastSeq + 1} is longer than any record")
            : LastSeq < head.Seq ? Fault(AuditFaultKind.CutOff, LastSeq + 1, $"record {LastSeq + 1} and those up to {head.Seq}, where the signed head is, were cut off")
            : null;
    }

    private AuditFault Diagnose(ReadOnlySpan<byte> line, AuditLines lines, IncrementalHash hasher)
    {
        var expected = LastSeq + 1;
        if (AuditMembers.Of(line) is not { } members || !IsSealedByItself(line, hasher))
        {
            return Fault(AuditFaultKind.Changed, expected, $"record {expected} was changed");
        }

        if (members.Seq == expected)
        {
            var changed = Math.Max(1, LastSeq);
            return Fault(AuditFaultKind.Changed, changed, $"record {changed} was changed: the next one does not follow it");
        }

        return members.Seq < expected || IsAhead(expected, lines)
            ? Fault(AuditFaultKind.Reordered, expected, $"record {expected} is not in its place: the records were put in another order")
            : Fault(AuditFaultKind.Missing, expected, $"record {expected} is missing");
    }

    private static bool IsSealedByItself(ReadOnlySpan<byte> line, IncrementalHash hasher) =>
        AuditMembers.PreviousOf(line) is { } previous && AuditChain.IsSealed(line, previous, hasher, stackalloc byte[AuditChain.HashSize]);

    private static bool IsAhead(long seq, AuditLines lines)
    {
        while (lines.TryRead(out var line))
        {
            if (AuditMembers.Of(line)?.Seq == seq)
            {
                return true;
            }
        }

        return false;
    }

    private AuditFault Fault(AuditFaultKind kind, long? seq, string what) => new(kind, writer, seq, $"{writer}.jsonl: {what}");
}
