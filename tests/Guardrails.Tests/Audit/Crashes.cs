using System.Diagnostics;
using McpInfra.Guardrails.Audit;
using Xunit;

namespace McpInfra.Guardrails.Tests.Audit;

public sealed class Crashes : IDisposable
{
    private readonly ScratchFolder state = new();

    public void Dispose() => state.Dispose();

    private static List<string> Kill(Process child, Func<string, bool> last)
    {
        var seen = new List<string>();
        while (child.StandardOutput.ReadLine() is { } line)
        {
            seen.Add(line);
            if (last(line))
            {
                break;
            }
        }

        child.Kill();
        child.WaitForExit();
        child.Dispose();
        return seen;
    }

    [Fact]
    public async Task Killing_a_writer_loses_no_begun_call_and_the_next_start_closes_it()
    {
        using var child = AuditChild.Start(state, calls: 25);
        var begun = Kill(child, line => line.EndsWith("_25", StringComparison.Ordinal));
        Assert.Equal(25, begun.Count);

        var report = AuditVerifier.Verify(state.Path);
        Assert.Equal((true, begun[^1]), (report.IsSound, report.Open.Single().Call));
        Assert.Empty(begun.Except(AuditReader.Read(state.Path, new AuditFilter()).Where(record => record.Kind == "begin").Select(record => record.Call)));

        await using (var next = AuditTrail.Open(state.Path, TimeProvider.System))
        {
            var recovered = await next.RecoverAsync(CancellationToken.None);
            Assert.Equal(begun[^1], Assert.Single(recovered.Interrupted).Call);
            Assert.Empty((await next.RecoverAsync(CancellationToken.None)).Interrupted);
        }

        report = AuditVerifier.Verify(state.Path, strict: true);
        Assert.Equal((true, 0), (report.IsSound, report.Open.Count));
        Assert.Equal("interrupted", Assert.Single(AuditReader.Read(state.Path, new AuditFilter(Call: begun[^1], Outcome: "interrupted"))).Outcome);
    }

    [Fact]
    public async Task A_living_writer_is_left_alone()
    {
        await using var living = AuditTrail.Open(state.Path, TimeProvider.System);
        await living.BeginAsync(Trails.Entry("call_1"), durable: true, CancellationToken.None);
        await using var next = AuditTrail.Open(state.Path, TimeProvider.System);
        Assert.Empty((await next.RecoverAsync(CancellationToken.None)).Interrupted);
    }

    [Fact]
    public async Task A_torn_last_line_does_not_hinder_recovery()
    {
        using var child = AuditChild.Start(state, calls: 3);
        Kill(child, line => line.EndsWith("_3", StringComparison.Ordinal));
        var file = Directory.EnumerateFiles(state.In("audit"), "*.jsonl").Single();
        await File.AppendAllTextAsync(file, "{\"seq\":6,", TestContext.Current.CancellationToken);
        await using (var next = AuditTrail.Open(state.Path, TimeProvider.System))
        {
            Assert.Single((await next.RecoverAsync(CancellationToken.None)).Interrupted);
        }

        Assert.True(AuditVerifier.Verify(state.Path, strict: true).IsSound);
    }

    [Fact]
    public async Task A_damaged_writer_is_not_signed_again()
    {
        using var child = AuditChild.Start(state, calls: 20);
        Kill(child, line => line.EndsWith("_20", StringComparison.Ordinal));
        var file = Directory.EnumerateFiles(state.In("audit"), "*.jsonl").Single();
        File.WriteAllLines(file, File.ReadAllLines(file)[..3]);
        await using (var next = AuditTrail.Open(state.Path, TimeProvider.System))
        {
            Assert.Equal(Path.GetFileNameWithoutExtension(file), Assert.Single((await next.RecoverAsync(CancellationToken.None)).Damaged));
        }

        Assert.Equal((AuditFaultKind.CutOff, 4L), (AuditVerifier.Verify(state.Path).First!.Kind, AuditVerifier.Verify(state.Path).First!.Seq!.Value));
    }

    [Fact]
    public void Processes_share_a_folder()
    {
        var children = Enumerable.Range(0, 3).Select(_ => AuditChild.Start(state, calls: 40)).ToList();
        var begun = children.SelectMany(child => Kill(child, line => line.EndsWith("_40", StringComparison.Ordinal))).ToList();
        var report = AuditVerifier.Verify(state.Path);
        Assert.Equal((true, 3, 3), (report.IsSound, report.Writers, report.Open.Count));
        Assert.Equal(120, begun.Count);
    }

    [Fact]
    public async Task A_full_disk_refuses_calls_and_half_writes_none()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "limits a process's file size with the shell");
        using var child = AuditChild.Start(state, calls: 1000, fileBlocks: 16);
        var seen = Kill(child, line => line == "refused");
        Assert.Equal("refused", seen[^1]);
        Assert.NotEmpty(seen.SkipLast(1));
        Assert.EndsWith("}\n", await File.ReadAllTextAsync(Directory.EnumerateFiles(state.In("audit"), "*.jsonl").Single(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(AuditVerifier.Verify(state.Path).IsSound);
        Assert.Equal(seen.SkipLast(1), AuditReader.Read(state.Path).Where(record => record.Kind == "begin").Select(record => record.Call).Take(seen.Count - 1));
    }
}
