using System.Text;
using McpInfra.TestKit;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;
using McpInfra.Tools.Sandbox.Escapes;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>The second kind of cage, with a real engine; a shell is shown in it, which real requests never do.</summary>
public sealed class A_container : IDisposable
{
    private static readonly SandboxRequest WithAShell = new()
    {
        Binds = [new ReadOnlyBind("/usr/bin", "/usr/bin")],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin", ["GIVEN"] = "yes" },
        Limits = new SandboxLimits { Time = TimeSpan.FromSeconds(30), Processes = 100, Disk = 16 << 20, Memory = 1L << 30 },
    };

    private readonly string folder = Directory.CreateTempSubdirectory("mcp-infra-container-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Holds_against_every_way_out_that_doctor_tries(bool imaged)
    {
        var tried = await new Breakout(await Needs.SandboxAsync(SandboxKind.Container, imaged), folder).RunAsync(Needs.Stop);
        Assert.DoesNotContain(tried, attempt => !attempt.Held);
        Assert.InRange(tried.Count, 24, 100);
    }

    [Fact]
    public async Task Holds_files_that_were_written_the_given_environment_and_nothing_of_the_hosts()
    {
        Environment.SetEnvironmentVariable("CANARY_SECRET", "canary");
        await using var cage = await (await Containers.ReadyAsync()).OpenAsync(WithAShell, Needs.Stop);
        await cage.WriteAsync("a/b.txt", "hello"u8.ToArray(), Needs.Stop);
        var result = await cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", "cat b.txt; echo; env | cut -d= -f1 | sort; cat /proc/1/environ; ls / /etc /run /tmp >&2; exit 3"], Folder = "a" }, Needs.Stop);
        Assert.Equal((StepEnding.Exited, 3, "hello\nGIVEN\nHOME\nPATH\nPWD\nTMPDIR\n"), (result.Ending, result.Exit, Text(result.Output)));
        Assert.DoesNotContain("root", Text(result.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("i=0; while [ $i -lt 300 ]; do sleep 4545 & i=$((i+1)); done; sleep 60", 3, 60, "took longer than 3 s")]
    [InlineData("while :; do (i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done); done", 60, 2, "used more than 2 s of processor time")]
    [InlineData("for i in 1 2 3 4 5 6; do (x=$(head -c 80000000 /dev/zero | tr '\\0' x); sleep 20) & done; wait", 60, 60, "used more than 300 MB of memory")]
    public async Task Ends_what_goes_on_too_long_or_uses_too_much_and_says_which(string script, int seconds, int ofProcessor, string says)
    {
        var limits = WithAShell.Limits with { Time = TimeSpan.FromSeconds(seconds), Processor = TimeSpan.FromSeconds(ofProcessor), Memory = 300 << 20 };
        await using (var cage = await (await Containers.ReadyAsync()).OpenAsync(WithAShell with { Limits = limits }, Needs.Stop))
        {
            var ended = await Assert.ThrowsAsync<SandboxException>(() => cage.RunAsync(new Step { Arguments = ["/usr/bin/bash", "-c", script] }, Needs.Stop));
            Assert.StartsWith($"The sandbox ended early: it {says}, and no run may have more; split the stack, so that each part plans less", ended.Message, StringComparison.Ordinal);
        }

        Assert.False(Processes.Running("sleep\u00004545"));
    }

    [Fact]
    public async Task Has_the_kernel_end_what_runs_in_it_before_the_runner_that_tells_why()
    {
        await using var cage = await (await Containers.ReadyAsync()).OpenAsync(WithAShell, Needs.Stop);
        var result = await cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", "(cat /proc/self/oom_score_adj)"] }, Needs.Stop);
        Assert.Equal("1000\n", Text(result.Output));
    }

    [Fact]
    public async Task Is_gone_with_all_that_it_started_when_the_call_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        var cage = await (await Containers.ReadyAsync()).OpenAsync(WithAShell, Needs.Stop);
        var running = cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", "setsid sleep 4646 & sleep 4646"] }, cancelled.Token);
        Assert.True(SpinWait.SpinUntil(() => Processes.Running("sleep\u00004646"), TimeSpan.FromSeconds(20)));
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await cage.DisposeAsync();
        Assert.False(Processes.Running("sleep\u00004646"));
    }

    [Fact]
    public async Task Ends_when_what_runs_in_it_takes_the_pipe_to_the_proxy_which_it_can_neither_read_nor_write()
    {
        const string script = "for p in /proc/[0-9]*; do read -r -d '' program <$p/cmdline; if [ $p != /proc/1 ] && [ $program = /app/mcp-infra ]; then echo forged >$p/fd/1 && echo wrote; cat $p/fd/0 && echo read; ls $p/fd; kill -9 ${p#/proc/}; fi; done; sleep 30";
        await using var proxy = EgressProxy.Start();
        await using var cage = await (await Needs.SandboxAsync(SandboxKind.Container, imaged: true)).OpenAsync(Needs.Shell(imaged: true) with { EgressSocket = proxy.SocketPath }, Needs.Stop);
        var ended = await Assert.ThrowsAsync<SandboxException>(() => cage.RunAsync(new Step { Arguments = ["/usr/bin/bash", "-c", script] }, Needs.Stop));
        Assert.Equal("The sandbox ended early: its way to the proxy broke off.", ended.Message);
    }

    [Fact]
    public async Task Is_another_sandbox_to_a_plan_when_its_image_is_another()
    {
        var (empty, imaged) = (await Needs.SandboxAsync(SandboxKind.Container), await Needs.SandboxAsync(SandboxKind.Container, imaged: true));
        Assert.Matches("image mcp-infra-empty \\((sha256:)?[0-9a-f]{64}\\)", await empty.SettingsAsync(Needs.Stop));
        Assert.Matches("image mcp-infra-test-sandbox-[0-9a-f]{8}:[0-9a-f]{16} \\((sha256:)?[0-9a-f]{64}\\)", await imaged.SettingsAsync(Needs.Stop));
        Assert.Contains("(not there)", await new Container(OwnProgram.Locate(), image: "mcp-infra-absent").SettingsAsync(Needs.Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_is_missing_when_there_is_no_engine()
    {
        var readiness = await new Container(OwnProgram.Locate(), "/nonexistent/podman").ProbeAsync(Needs.Stop);
        Assert.False(readiness.Ready);
        Assert.Contains("Install podman", readiness.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_the_engines_own_reason_when_it_starts_nothing()
    {
        Skip.UnlessFound("sh");
        var engine = Path.Combine(folder, "podman");
        await File.WriteAllTextAsync(engine, "#!/bin/sh\necho 'Error: default OCI runtime not found' >&2\nexit 125\n", Needs.Stop);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(engine, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var readiness = await new Container(OwnProgram.Locate(), engine).ProbeAsync(Needs.Stop);
        Assert.Contains("Error: default OCI runtime not found. Install podman", readiness.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_how_to_make_the_image_where_the_host_is_not_Linux_and_it_is_not_there()
    {
        await Containers.ReadyAsync();
        var readiness = await new Container(OwnProgram.Locate(), image: "mcp-infra-absent", onLinux: false).ProbeAsync(Needs.Stop);
        Assert.False(readiness.Ready);
        Assert.Contains("The image mcp-infra-absent is not there", readiness.Remedy, StringComparison.Ordinal);
        Assert.Contains("podman build --tag mcp-infra-absent --file manifests/sandbox/Containerfile", readiness.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Gets_no_environment_of_the_steps_on_a_command_line() =>
        Assert.DoesNotContain("GIVEN", string.Join(' ', new Container(OwnProgram.Locate()).Arguments(WithAShell, "run-1", "image-1")), StringComparison.Ordinal);

    [Fact]
    public Task Refuses_a_path_that_the_engine_would_read_as_options() =>
        Assert.ThrowsAsync<SandboxException>(async () => await (await Containers.ReadyAsync()).OpenAsync(WithAShell with { Binds = [new ReadOnlyBind("/usr/bin,readonly=false", "/x")] }, Needs.Stop));

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
