using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Audit;
using Xunit;

namespace McpInfra.Guardrails.Tests.Audit;

public sealed class The_audit_trail : IDisposable
{
    private static readonly string[] Members =
        ["seq", "time", "kind", "call", "organization", "person", "agent", "session", "client", "operation", "arguments", "verdict", "outcome", "trace", "prev", "hash"];

    private readonly ScratchFolder state = new();

    public void Dispose() => state.Dispose();

    [Fact]
    public async Task Holds_one_begin_and_one_end_a_call_in_the_promised_members()
    {
        var writer = await Trails.MakeAsync(state, 1);
        var lines = await File.ReadAllLinesAsync(state.Records(writer), TestContext.Current.CancellationToken);
        Assert.All(lines, line => Assert.Equal(Members, JsonDocument.Parse(line).RootElement.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(["begin", "end"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task Holds_the_evidence_of_a_verdict_when_there_is_some()
    {
        string writer;
        await using (var trail = AuditTrail.Open(state.Path, new ManualTime()))
        {
            writer = trail.Writer;
            await trail.EndAsync(Trails.Entry("call_1") with { Verdict = Verdict.Noted("injection", "a rule", Severity.Warn) with { Evidence = ["part 1, text at 12, 40 long: ignore (0.98)"] } }, CancellationToken.None);
            await trail.EndAsync(Trails.Entry("call_2") with { Verdict = Verdict.Allow }, CancellationToken.None);
        }

        var verdicts = (await File.ReadAllLinesAsync(state.Records(writer), TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!["verdict"]!.AsObject()).ToList();
        Assert.Equal("part 1, text at 12, 40 long: ignore (0.98)", (string?)Assert.Single(verdicts[0]["evidence"]!.AsArray()));
        Assert.False(verdicts[1].ContainsKey("evidence"));
    }

    [Fact]
    public async Task Is_sound_and_wholly_attested_after_a_clean_end()
    {
        await Trails.MakeAsync(state, 20);
        var report = AuditVerifier.Verify(state.Path, strict: true);
        Assert.Equal((true, 40L, 0L, 0), (report.IsSound, report.Attested, report.Unattested, report.Open.Count));
    }

    [Fact]
    public async Task Hashes_as_its_documentation_says()
    {
        var writer = await Trails.MakeAsync(state, 1);
        var line = (await File.ReadAllLinesAsync(state.Records(writer), TestContext.Current.CancellationToken))[0];
        var genesis = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"mcp-infra audit 1\n{writer}\n"));
        var hashed = System.Text.Encoding.UTF8.GetBytes(line[..line.LastIndexOf(",\"hash\":", StringComparison.Ordinal)]);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([.. genesis, .. hashed])),
            JsonDocument.Parse(line).RootElement.GetProperty("hash").GetString());
    }

    [Fact]
    public async Task Has_an_observe_begin_in_the_file_before_it_returns()
    {
        await using var trail = AuditTrail.Open(state.Path, new ManualTime());
        await trail.BeginAsync(Trails.Entry("call_1"), durable: false, CancellationToken.None);
        using var copy = state.Copy();
        var report = AuditVerifier.Verify(copy.Path);
        Assert.Equal((true, 0L, 1L, "call_1"), (report.IsSound, report.Attested, report.Unattested, report.Open.Single().Call));
        Assert.False(AuditVerifier.Verify(copy.Path, strict: true).IsSound);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Has_a_durable_begin_under_the_signed_head_before_it_returns(bool durable, bool durableAll)
    {
        await using var trail = AuditTrail.Open(state.Path, new ManualTime(), new AuditSettings(durableAll));
        await trail.BeginAsync(Trails.Entry("call_1"), durable, CancellationToken.None);
        using var copy = state.Copy();
        Assert.Equal((1L, 0L), (AuditVerifier.Verify(copy.Path).Attested, AuditVerifier.Verify(copy.Path).Unattested));
    }

    [Fact]
    public async Task Renews_the_head_within_a_second_of_any_record()
    {
        var time = new ManualTime();
        await using var trail = AuditTrail.Open(state.Path, time);
        await trail.CallAsync("call_1");
        time.Advance(TimeSpan.FromSeconds(1));
        var stop = TestContext.Current.CancellationToken;
        while (AuditVerifier.Verify(state.Path).Unattested > 0)
        {
            stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(2, AuditVerifier.Verify(state.Path).Attested);
    }

    [Fact]
    public async Task Keeps_every_call_once_under_concurrency()
    {
        await using (var trail = AuditTrail.Open(state.Path, TimeProvider.System))
        {
            await Parallel.ForAsync(0, 400, TestContext.Current.CancellationToken, async (number, _) => await trail.CallAsync($"call_{number}", durable: number % 4 == 0));
        }

        var report = AuditVerifier.Verify(state.Path, strict: true);
        Assert.Equal((true, 800L, 0), (report.IsSound, report.Attested, report.Open.Count));
        Assert.Equal(400, AuditReader.Read(state.Path).Where(record => record.Kind == "begin").Select(record => record.Call).Distinct().Count());
    }

    [Fact]
    public async Task Refuses_records_after_its_end()
    {
        var trail = AuditTrail.Open(state.Path, TimeProvider.System);
        await trail.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await trail.BeginAsync(Trails.Entry("late"), false, CancellationToken.None));
    }

    [Fact]
    public async Task Records_nothing_for_a_call_cancelled_before_it_begins()
    {
        await using var trail = AuditTrail.Open(state.Path, TimeProvider.System);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await trail.BeginAsync(Trails.Entry("late"), false, new CancellationToken(true)));
        Assert.Empty(AuditReader.Read(state.Path));
    }

    [Fact]
    public async Task Keeps_a_record_on_one_ascii_line_whatever_is_in_it()
    {
        await using (var trail = AuditTrail.Open(state.Path, TimeProvider.System))
        {
            await trail.EventAsync(Trails.Entry("call_1", operation: "a\n\u202e\u001b[31m\ud83d\ude00\ud800\"}") with { Client = new string('x', 5000) }, CancellationToken.None);
        }

        var record = Assert.Single(AuditReader.Read(state.Path));
        Assert.All(record.Line, letter => Assert.InRange(letter, ' ', '~'));
        Assert.StartsWith("a\n\u202e", record.Operation, StringComparison.Ordinal);
        Assert.True(AuditVerifier.Verify(state.Path, strict: true).IsSound);
    }

    [Fact]
    public async Task Keeps_size_and_hash_of_arguments_too_large_for_a_record()
    {
        await using (var trail = AuditTrail.Open(state.Path, TimeProvider.System))
        {
            await trail.EventAsync(Trails.Entry("call_1") with { Arguments = new JsonObject { ["text"] = new string('x', 300_000) } }, CancellationToken.None);
        }

        var arguments = JsonDocument.Parse(AuditReader.Read(state.Path).Single().Line).RootElement.GetProperty("arguments");
        Assert.Equal(300_011, arguments.GetProperty("omittedBytes").GetInt32());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Is_private_to_its_account()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        await Trails.MakeAsync(state, 1);
        const UnixFileMode File600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.All(["audit", "keys"], folder => Assert.Equal(File600 | UnixFileMode.UserExecute, File.GetUnixFileMode(state.In(folder))));
        Assert.All(Directory.EnumerateFiles(state.Path, "*", SearchOption.AllDirectories), file => Assert.Equal(File600, File.GetUnixFileMode(file)));
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("keys")]
    public async Task Follows_no_link(string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights");
        using var elsewhere = new ScratchFolder();
        Directory.CreateSymbolicLink(state.In(folder), elsewhere.Path);
        await Assert.ThrowsAsync<IOException>(async () => await Trails.MakeAsync(state, 1));
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere.Path));
    }

    [Fact]
    public async Task Does_not_begin_with_a_new_key_over_an_old_trail()
    {
        await Trails.MakeAsync(state, 1);
        File.Delete(state.In("keys", "audit.key"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Trails.MakeAsync(state, 1));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Does_not_use_a_key_that_others_can_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        await Trails.MakeAsync(state, 1);
        File.SetUnixFileMode(state.In("keys", "audit.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await Assert.ThrowsAsync<IOException>(async () => await Trails.MakeAsync(state, 1));
    }

    [Fact]
    public async Task Refuses_durable_begins_once_its_file_is_gone_and_leaves_none_open()
    {
        await using var trail = AuditTrail.Open(state.Path, TimeProvider.System);
        File.Move(state.Records(trail.Writer), state.In("moved"));
        await Assert.ThrowsAsync<IOException>(async () => await trail.BeginAsync(Trails.Entry("call_1"), durable: true, CancellationToken.None));
        var lines = await File.ReadAllLinesAsync(state.In("moved"), TestContext.Current.CancellationToken);
        Assert.Equal(["begin", "end"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()));
        File.Move(state.In("moved"), state.Records(trail.Writer));
    }
}
