using System.Text;
using System.Text.Json;
using CsCheck;
using McpInfra.Guardrails.Audit;
using Xunit;

namespace McpInfra.Guardrails.Tests.Audit;

public sealed class Verification : IDisposable
{
    private readonly ScratchFolder state = new();

    public void Dispose() => state.Dispose();

    private AuditFault? First => AuditVerifier.Verify(state.Path).First;

    private async Task<string> TamperAsync(Func<List<string>, IEnumerable<string>> tamper)
    {
        var writer = await Trails.MakeAsync(state, 5);
        var lines = File.ReadAllLines(state.Records(writer)).ToList();
        await File.WriteAllTextAsync(state.Records(writer), string.Concat(tamper(lines).Select(line => line + "\n")), TestContext.Current.CancellationToken);
        return writer;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    public async Task Names_the_record_that_was_changed(int seq)
    {
        await TamperAsync(lines => lines.Select((line, index) => index == seq - 1 ? line.Replace("acme", "acne", StringComparison.Ordinal) : line));
        Assert.Equal((AuditFaultKind.Changed, (long)seq), (First!.Kind, First.Seq!.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public async Task Names_the_record_that_is_missing(int seq)
    {
        await TamperAsync(lines => lines.Where((_, index) => index != seq - 1));
        Assert.Equal((AuditFaultKind.Missing, (long)seq), (First!.Kind, First.Seq!.Value));
    }

    [Fact]
    public async Task Names_where_records_were_reordered()
    {
        await TamperAsync(lines => [lines[0], lines[2], lines[1], .. lines.Skip(3)]);
        Assert.Equal((AuditFaultKind.Reordered, 2L), (First!.Kind, First.Seq!.Value));
    }

    [Fact]
    public async Task Names_where_a_record_was_put_in_twice()
    {
        await TamperAsync(lines => [lines[0], lines[0], .. lines.Skip(1)]);
        Assert.Equal((AuditFaultKind.Reordered, 2L), (First!.Kind, First.Seq!.Value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task Names_the_first_record_that_was_cut_off(int kept)
    {
        await TamperAsync(lines => lines.Take(kept));
        Assert.Equal((AuditFaultKind.CutOff, kept + 1L), (First!.Kind, First.Seq!.Value));
    }

    [Fact]
    public async Task Names_a_last_record_whose_line_end_was_cut_off()
    {
        var writer = await Trails.MakeAsync(state, 2);
        using (var file = File.OpenWrite(state.Records(writer)))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Equal((AuditFaultKind.CutOff, 4L), (First!.Kind, First.Seq!.Value));
    }

    [Fact]
    public async Task Finds_a_rewritten_chain_by_the_signed_head()
    {
        var writer = await TamperAsync(lines => lines);
        var (previous, rewritten) = (Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"mcp-infra audit 1\n{writer}\n"))), new List<string>());
        foreach (var line in File.ReadAllLines(state.Records(writer)))
        {
            var cut = line[..line.IndexOf(",\"prev\":", StringComparison.Ordinal)].Replace("acme", "evil", StringComparison.Ordinal) + $",\"prev\":\"{previous}\"";
            previous = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([.. Convert.FromHexString(previous), .. Encoding.UTF8.GetBytes(cut)]));
            rewritten.Add($"{cut},\"hash\":\"{previous}\"}}\n");
        }

        await File.WriteAllTextAsync(state.Records(writer), string.Concat(rewritten), TestContext.Current.CancellationToken);
        Assert.Equal((AuditFaultKind.Changed, 10L), (First!.Kind, First.Seq!.Value));
    }

    [Fact]
    public async Task Finds_records_that_do_not_chain_on_after_the_head()
    {
        var writer = await Trails.MakeAsync(state, 2);
        var line = File.ReadAllLines(state.Records(writer))[^1].Replace("\"seq\":4", "\"seq\":5", StringComparison.Ordinal);
        await File.AppendAllTextAsync(state.Records(writer), line + "\n", TestContext.Current.CancellationToken);
        Assert.Equal((AuditFaultKind.Changed, 5L), (First!.Kind, First.Seq!.Value));
    }

    [Fact]
    public async Task Takes_a_torn_last_line_for_no_record()
    {
        var writer = await Trails.MakeAsync(state, 2);
        await File.AppendAllTextAsync(state.Records(writer), "{\"seq\":5,\"time\":\"20", TestContext.Current.CancellationToken);
        var report = AuditVerifier.Verify(state.Path, strict: true);
        Assert.Equal((true, 4L), (report.IsSound, report.Attested));
    }

    [Theory]
    [InlineData("jsonl", AuditFaultKind.Missing)]
    [InlineData("head", AuditFaultKind.Head)]
    public async Task Finds_that_a_file_of_a_writer_is_missing(string ending, AuditFaultKind kind)
    {
        var writer = await Trails.MakeAsync(state, 1);
        await Trails.MakeAsync(state, 1);
        File.Delete(state.In("audit", $"{writer}.{ending}"));
        Assert.Equal((kind, writer), (First!.Kind, First.Writer));
    }

    [Fact]
    public async Task Finds_that_two_writers_files_were_exchanged()
    {
        var (one, two) = (await Trails.MakeAsync(state, 1), await Trails.MakeAsync(state, 1));
        foreach (var ending in new[] { "jsonl", "head" })
        {
            File.Move(state.In("audit", $"{one}.{ending}"), state.In("kept"));
            File.Move(state.In("audit", $"{two}.{ending}"), state.In("audit", $"{one}.{ending}"));
            File.Move(state.In("kept"), state.In("audit", $"{two}.{ending}"));
        }

        Assert.Equal(2, AuditVerifier.Verify(state.Path).Faults.Count);
    }

    [Fact]
    public async Task Finds_a_file_that_the_index_does_not_name()
    {
        var writer = await Trails.MakeAsync(state, 1);
        File.Copy(state.Records(writer), state.Records("20261122T000000Z-00000000"));
        Assert.Equal((AuditFaultKind.Unindexed, "20261122T000000Z-00000000"), (First!.Kind, First.Writer));
    }

    [Fact]
    public async Task Finds_a_writer_struck_from_the_index_with_its_files()
    {
        var writer = await Trails.MakeAsync(state, 1);
        await Trails.MakeAsync(state, 1);
        var index = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(state.In("audit", "index.json")))!;
        index["writers"]!.AsArray().RemoveAt(0);
        File.WriteAllText(state.In("audit", "index.json"), index.ToJsonString());
        foreach (var file in Directory.EnumerateFiles(state.In("audit"), writer + "*"))
        {
            File.Delete(file);
        }

        Assert.Equal(AuditFaultKind.Index, First!.Kind);
    }

    [Fact]
    public async Task Finds_that_the_index_is_missing()
    {
        await Trails.MakeAsync(state, 1);
        File.Delete(state.In("audit", "index.json"));
        Assert.Equal(AuditFaultKind.Index, First!.Kind);
    }

    [Fact]
    public async Task Finds_an_older_head_put_back_once_the_index_has_the_last()
    {
        var time = new ManualTime();
        var trail = AuditTrail.Open(state.Path, time);
        await trail.CallAsync("call_1", durable: true);
        var old = File.ReadAllBytes(state.In("audit", trail.Writer + ".head"));
        await trail.CallAsync("call_2", durable: true);
        await trail.DisposeAsync();
        await using (var next = AuditTrail.Open(state.Path, time))
        {
            await next.RecoverAsync(CancellationToken.None);
        }

        File.WriteAllBytes(state.In("audit", trail.Writer + ".head"), old);
        File.WriteAllLines(state.Records(trail.Writer), File.ReadAllLines(state.Records(trail.Writer))[..1]);
        Assert.Equal((AuditFaultKind.Head, trail.Writer), (First!.Kind, First.Writer));
    }

    [Fact]
    public async Task Does_not_believe_another_key()
    {
        await Trails.MakeAsync(state, 1);
        using var other = new ScratchFolder();
        await Trails.MakeAsync(other, 1);
        Assert.True(AuditVerifier.Verify(state.In("audit"), state.In("keys", "audit.pub")).IsSound);
        Assert.Equal(AuditFaultKind.Index, AuditVerifier.Verify(state.Path, other.In("keys", "audit.pub")).First!.Kind);
    }

    [Fact]
    public void Says_that_there_is_no_trail() => Assert.Equal(AuditFaultKind.Absent, First!.Kind);

    [Fact]
    public async Task Says_that_a_rollback_of_the_whole_folder_is_not_excluded()
    {
        await Trails.MakeAsync(state, 1);
        Assert.Contains(AuditVerifier.Verify(state.Path).Notes, note => note.Contains("rollback of the whole folder", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Writes_nothing()
    {
        await using var trail = AuditTrail.Open(state.Path, new ManualTime());
        await trail.BeginAsync(Trails.Entry("call_1"), durable: false, CancellationToken.None);
        var before = Snapshot();
        AuditVerifier.Verify(state.Path, strict: true);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task Finds_any_byte_changed_in_records_head_or_index()
    {
        var writer = await Trails.MakeAsync(state, 3);
        var files = new[] { state.Records(writer), state.In("audit", writer + ".head"), state.In("audit", "index.json") };
        Gen.Select(Gen.Int[0, 2], Gen.Double[0, 0.999999], Gen.Byte[1, 255]).Sample((which, place, by) =>
        {
            var bytes = File.ReadAllBytes(files[which]);
            var at = (int)(bytes.Length * place);
            var changed = bytes.ToArray();
            changed[at] ^= by;
            File.WriteAllBytes(files[which], changed);
            var report = AuditVerifier.Verify(state.Path);
            File.WriteAllBytes(files[which], bytes);

            // White space and letter case of member names around what is signed say nothing.
            return !report.IsSound || (which > 0 && SaysTheSame(bytes, changed));
        }, iter: 400, threads: 1);
    }

    [Fact]
    public async Task Finds_a_signature_written_in_another_way()
    {
        var writer = await Trails.MakeAsync(state, 1);
        var head = state.In("audit", writer + ".head");
        var text = await File.ReadAllTextAsync(head, TestContext.Current.CancellationToken);
        var last = text[text.IndexOf("==", StringComparison.Ordinal) - 1];
        await File.WriteAllTextAsync(head, text.Replace($"{last}==", $"{(char)(last + 1)}==", StringComparison.Ordinal), TestContext.Current.CancellationToken); // The bits that differ are not read.
        Assert.False(AuditVerifier.Verify(state.Path).IsSound);
    }

    private static bool SaysTheSame(byte[] one, byte[] two)
    {
        static string Read(byte[] bytes) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(bytes)).ToLowerInvariant();
        return Read(one) == Read(two);
    }

    private string Snapshot() => string.Join('\n', Directory.EnumerateFiles(state.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file):O}"));
}
