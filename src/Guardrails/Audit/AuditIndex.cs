using System.Text;
using System.Text.Json;

namespace McpInfra.Guardrails.Audit;

/// <summary>The signed list of every writer that the trail ever had. Changed only under the index lock, replaced whole.</summary>
/// <param name="Writers">In the order in which they came.</param>
internal sealed record AuditIndex(IReadOnlyList<AuditIndex.Entry> Writers)
{
    /// <summary>The index of a folder with no trail yet.</summary>
    public static AuditIndex Empty { get; } = new([]);

    private string Signed => Writers.Aggregate(
        new StringBuilder("mcp-infra audit index 1\n"), (text, entry) => text.Append($"{entry.Writer} {entry.Started} {entry.Seq} {entry.Hash}\n")).ToString();

    /// <summary>The index of a folder.</summary>
    /// <exception cref="InvalidOperationException">It is missing while there are records, or is not as it was signed.</exception>
    public static AuditIndex Read(AuditFolder folder, AuditKey key)
    {
        if (!File.Exists(folder.Index))
        {
            return folder.Writers().All(writer => new FileInfo(folder.Records(writer)).Length == 0)
                ? Empty
                : throw new InvalidOperationException($"{folder.Index} is missing, and there are records. The trail was tampered with, or copied in part.");
        }

        using var file = PrivateFiles.Open(folder.Index, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        if (AuditJson.Read(bytes, OfJson) is var (index, signature) && index.Writers.All(IsWhole) && key.Verifies(index.Signed, signature))
        {
            return index;
        }

        throw new InvalidOperationException($"{folder.Index} is not as it was signed: it was tampered with, or the key is another's.");
    }

    /// <summary>Replaces the folder's index by this one, on disk when it returns.</summary>
    public void Write(AuditFolder folder, AuditKey key) =>
        PrivateFiles.Replace(folder.Index, AuditJson.Write(json =>
        {
            json.WriteNumber("version", 1);
            json.WriteStartArray("writers");
            foreach (var entry in Writers)
            {
                entry.WriteTo(json);
            }

            json.WriteEndArray();
            json.WriteString("signature", key.Sign(Signed));
        }));

    /// <summary>This index with one writer more.</summary>
    public AuditIndex With(string writer, string started) => new([.. Writers, new Entry(writer, started, null, null)]);

    /// <summary>This index with the last records of writers that have ended.</summary>
    public AuditIndex WithEnds(IReadOnlyDictionary<string, AuditHead> ends) =>
        new([.. Writers.Select(entry => ends.TryGetValue(entry.Writer, out var head) ? entry with { Seq = head.Seq, Hash = head.Hash } : entry)]);

    // A name with a separator could lead out of the folder; spaces and line ends could forge the signed text.
    private static bool IsWhole(Entry entry) =>
        entry is { Writer: { Length: > 0 and < 100 } writer, Started: { } started }
        && writer.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
        && !started.Any(char.IsWhiteSpace)
        && (entry.Hash is { } hash ? entry.Seq is not null && hash.All(char.IsAsciiHexDigitLower) : entry.Seq is null);

    private static Tuple<AuditIndex, string>? OfJson(JsonElement root) =>
        root.Members(3).GetProperty("version").GetInt32() == 1
            ? new(new AuditIndex([.. root.GetProperty("writers").EnumerateArray().Select(Entry.OfJson)]), root.Text("signature"))
            : null;

    /// <summary>One writer.</summary>
    /// <param name="Writer">Its name: `WRITER.jsonl` holds its records.</param>
    /// <param name="Started">When it came, ISO 8601.</param>
    /// <param name="Seq">Its last record, once it is known to have ended.</param>
    /// <param name="Hash">The hash of that record.</param>
    internal sealed record Entry(string Writer, string Started, long? Seq, string? Hash)
    {
        public static Entry OfJson(JsonElement entry) => new(
            entry.Members(4).Text("writer"), entry.Text("started"),
            entry.GetProperty("seq") is { ValueKind: not JsonValueKind.Null } seq ? seq.GetInt64() : null, entry.GetProperty("hash").GetString());

        public void WriteTo(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("writer", Writer);
            json.WriteString("started", Started);
            if (Seq is { } seq)
            {
                json.WriteNumber("seq", seq);
            }
            else
            {
                json.WriteNull("seq");
            }

            json.WriteString("hash", Hash);
            json.WriteEndObject();
        }
    }
}
