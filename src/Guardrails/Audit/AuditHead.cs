using System.Text.Json;

namespace McpInfra.Guardrails.Audit;

/// <summary>The signed statement of how far a writer's records reach. Kept as one JSON object in a file of <see cref="Size"/> bytes, overwritten in place.</summary>
/// <param name="Writer">The writer.</param>
/// <param name="Seq">Sequence number of its last record; 0 before the first.</param>
/// <param name="Hash">Hash of that record, lower-case hexadecimal.</param>
/// <param name="Time">When it was signed, ISO 8601.</param>
/// <param name="Closed">Whether the writer has ended and writes no more.</param>
internal sealed record AuditHead(string Writer, long Seq, string Hash, string Time, bool Closed)
{
    /// <summary>One disk sector, so that overwriting it is never half done.</summary>
    public const int Size = 512;

    private string Signed => $"mcp-infra audit head 1\n{Writer}\n{Seq}\n{Hash}\n{Time}\n{(Closed ? "closed" : "open")}\n";

    /// <summary>The file's bytes.</summary>
    public byte[] Sealed(AuditKey key)
    {
        var json = AuditJson.Write(head =>
        {
            head.WriteNumber("version", 1);
            head.WriteString("writer", Writer);
            head.WriteNumber("seq", Seq);
            head.WriteString("hash", Hash);
            head.WriteString("time", Time);
            head.WriteBoolean("closed", Closed);
            head.WriteString("signature", key.Sign(Signed));
        });
        var file = new byte[Size];
        file.AsSpan().Fill((byte)' ');
        json.CopyTo(file, 0);
        file[^1] = (byte)'\n';
        return file;
    }

    /// <summary>The head in a writer's file, or null when it is missing, unreadable, another writer's or not signed with the key.</summary>
    public static AuditHead? Read(string path, string writer, AuditKey key)
    {
        // A living writer may be overwriting it this moment: what reads as damaged is read again.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (TryRead(path, key) is { } head && head.Writer == writer)
            {
                return head;
            }
        }

        return null;
    }

    private static AuditHead? TryRead(string path, AuditKey key)
    {
        try
        {
            using var file = PrivateFiles.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[Size];
            var length = file.ReadAtLeast(bytes, Size, throwOnEndOfStream: false);
            return AuditJson.Read(bytes.AsSpan(0, length), root => OfJson(root, key));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static AuditHead? OfJson(JsonElement root, AuditKey key)
    {
        var head = new AuditHead(
            root.Members(7).Text("writer"), root.GetProperty("seq").GetInt64(), root.Text("hash"), root.Text("time"), root.GetProperty("closed").GetBoolean());
        return root.GetProperty("version").GetInt32() == 1 && key.Verifies(head.Signed, root.Text("signature")) ? head : null;
    }
}
