namespace McpInfra.Guardrails.Audit;

/// <summary>Checks a trail against its signed index and heads. Reads only, in memory that does not grow with the trail.</summary>
public static class AuditVerifier
{
    private const string NoAnchor = "Without an anchor kept elsewhere, a rollback of the whole folder to an earlier state is not excluded.";

    /// <summary>Verifies a trail; writers may go on meanwhile.</summary>
    /// <param name="folder">The state folder, or a copy of its audit folder.</param>
    /// <param name="publicKey">A PEM file with the public key, kept by the verifier; null for the one beside the trail.</param>
    /// <param name="strict">Whether records after a head are a fault.</param>
    /// <param name="stop">Cancels.</param>
    public static AuditReport Verify(string folder, string? publicKey = null, bool strict = false, CancellationToken stop = default)
    {
        var place = AuditFolder.Named(folder);
        var keyFile = publicKey ?? place.PublicKey;
        if (!Directory.Exists(place.Path))
        {
            return Absent($"there is no audit trail in {folder}", strict);
        }

        if (!File.Exists(keyFile))
        {
            return Absent($"there is no public key at {keyFile}; name one with --key", strict);
        }

        try
        {
            using var key = AuditKey.Read(keyFile);
            return new Verification(place, key, strict).Run(publicKey is null ? [NoAnchor, OwnKey] : [NoAnchor], stop);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return new AuditReport([new AuditFault(AuditFaultKind.Index, null, null, exception.Message)], 0, 0, 0, [], [NoAnchor], strict);
        }
    }

    private static string OwnKey => "Checked with the key that lies beside the trail: who could replace both is not excluded. Give --key with a copy kept elsewhere.";

    private static AuditReport Absent(string what, bool strict) => new([new AuditFault(AuditFaultKind.Absent, null, null, what)], 0, 0, 0, [], [], strict);

    private sealed class Verification(AuditFolder folder, AuditKey key, bool strict)
    {
        private readonly OpenCalls open = new(AuditReport.MostOpen);
        private readonly List<AuditFault> faults = [];
        private long attested, unattested;

        public AuditReport Run(IReadOnlyList<string> notes, CancellationToken stop)
        {
            var index = AuditIndex.Read(folder, key);
            foreach (var entry in index.Writers)
            {
                if (Check(entry, stop) is { } fault)
                {
                    faults.Add(fault);
                }
            }

            AddUnindexed(index);
            return new AuditReport(
                faults, index.Writers.Count, attested, unattested, open.All,
                open.IsCut ? [.. notes, $"More than {AuditReport.MostOpen} calls are open; the first are listed."] : notes, strict);
        }

        private AuditFault? Check(AuditIndex.Entry entry, CancellationToken stop)
        {
            // The head first: records written after it was read are unattested, never cut off.
            if (AuditHead.Read(folder.Head(entry.Writer), entry.Writer, key) is not { } head)
            {
                return new AuditFault(AuditFaultKind.Head, entry.Writer, null, $"{entry.Writer}.head: the signed head is missing or not as it was signed");
            }

            if (entry.Seq is { } last && (head.Seq != last || head.Hash != entry.Hash))
            {
                return new AuditFault(AuditFaultKind.Head, entry.Writer, null, $"{entry.Writer}.head: the head is not the last one, which the index names");
            }

            var walk = new AuditWalk(folder, entry.Writer, open);
            var fault = walk.Check(head, stop);
            attested += walk.Attested;
            unattested += walk.Unattested;
            return fault;
        }

        private void AddUnindexed(AuditIndex index)
        {
            var known = index.Writers.Select(entry => entry.Writer).ToHashSet(StringComparer.Ordinal);
            foreach (var writer in folder.Writers().Where(writer => !known.Contains(writer) && new FileInfo(folder.Records(writer)).Length > 0))
            {
                // A writer may have come since the index was read.
                if (AuditIndex.Read(folder, key).Writers.All(entry => entry.Writer != writer))
                {
                    faults.Add(new AuditFault(AuditFaultKind.Unindexed, writer, 1, $"{writer}.jsonl: the index does not name this file, and it holds records"));
                }
            }
        }
    }
}
