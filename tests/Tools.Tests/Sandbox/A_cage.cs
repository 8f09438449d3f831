using System.Text;
using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>The cage with a shell bound in, which real requests never do: the worst that could run there.</summary>
public sealed class A_cage
{
    private static readonly SandboxRequest WithAShell = new()
    {
        Binds = [new ReadOnlyBind("/usr/bin", "/usr/bin")],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin", ["GIVEN"] = "yes" },
        Limits = new SandboxLimits { Time = TimeSpan.FromSeconds(30), Processes = 100, Disk = 4 << 20, Memory = 1L << 30 },
    };

    [Fact]
    public async Task Runs_steps_on_files_that_were_written_and_gives_back_exit_code_output_and_errors()
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
        await cage.WriteAsync("a/b.txt", "hello"u8.ToArray(), Needs.Stop);

        var result = await cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", "cat b.txt; echo wrong >&2; exit 3"], Folder = "a" }, Needs.Stop);

        Assert.Equal((StepEnding.Exited, 3, "hello", "wrong\n"), (result.Ending, result.Exit, Text(result.Output), Text(result.Errors)));
        Assert.Equal("hello", Text((await cage.RunAsync(new Step { Read = "a/b.txt" }, Needs.Stop)).Output));
    }

    [Fact]
    public async Task Holds_the_given_environment_and_nothing_of_the_hosts()
    {
        Environment.SetEnvironmentVariable("CANARY_SECRET", "canary");
        var names = (await ShellAsync("env")).Split('\n').Select(line => line.Split('=')[0]).Where(name => name.Length > 0).Order();
        Assert.Equal(["GIVEN", "HOME", "PATH", "PWD", "TMPDIR"], names);
    }

    [Theory]
    [InlineData("cat /etc/shadow")]
    [InlineData("cat /etc/passwd")]
    [InlineData("ls /home")]
    [InlineData("ls /root")]
    [InlineData("ls /var")]
    [InlineData("ls /etc/ssl/private")]
    [InlineData("cat /proc/1/environ")]
    [InlineData("cat /proc/1/mem")]
    [InlineData("ls /proc/1/fd")]
    [InlineData("cat /proc/kcore")]
    [InlineData("echo forged > /proc/1/fd/1")]
    [InlineData("echo 1 > /proc/sys/kernel/core_pattern")]
    [InlineData("echo b > /proc/sysrq-trigger")]
    [InlineData("touch /usr/lib/x")]
    [InlineData("touch /x")]
    [InlineData("touch /dev/shm/x")]
    [InlineData("touch /app/x")]
    [InlineData("unshare -U true")]
    [InlineData("unshare -n true")]
    [InlineData("mount -t tmpfs none /work")]
    [InlineData("setpriv --reuid 0 true")]
    [InlineData("ulimit -u 100000")]
    [InlineData("echo x > /dev/tty")]
    [InlineData("mknod /work/disk b 8 0")]
    public async Task Refuses(string attack)
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
        var result = await cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", attack] }, Needs.Stop);
        Assert.NotEqual(0, result.Exit);
        Assert.Empty(Text(result.Output));
    }

    [Fact]
    public async Task Shows_no_process_but_its_own() =>
        Assert.InRange((await ShellAsync("cd /proc; echo [0-9]*")).Split(' ').Length, 1, 4);

    [Fact]
    public async Task Gives_its_processes_no_capabilities_and_no_way_to_new_privileges() =>
        Assert.Equal("CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n", await ShellAsync("grep -E '^(CapPrm|CapEff|NoNewPrivs|Seccomp):' /proc/self/status"));

    [Fact]
    public async Task Hands_down_no_descriptor_but_stdio() =>
        Assert.Equal("0\n1\n2\n3\n", await ShellAsync("exec ls /proc/self/fd")); // 3 is the listing's own.

    [Fact]
    public async Task Has_only_a_loopback_of_its_own()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        foreach (var host in new[] { $"127.0.0.1/{port}", "169.254.169.254/80", "1.1.1.1/53" })
        {
            await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
            var result = await cage.RunAsync(new Step { Arguments = ["/usr/bin/bash", "-c", $"echo x > /dev/tcp/{host}"] }, Needs.Stop);
            Assert.Equal(1, result.Exit);
        }

        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Bounds_the_disk()
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
        var result = await cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8; do head -c 1000000 /dev/zero > f$i || exit 9; done"] }, Needs.Stop);
        Assert.Equal(9, result.Exit);
    }

    [Fact]
    public async Task Takes_a_file_that_its_runner_has_no_memory_for()
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell with { Limits = WithAShell.Limits with { Disk = 256 << 20, Memory = 1 << 30 } }, Needs.Stop);
        await cage.WriteAsync("state/large", new byte[200 << 20], Needs.Stop);
        var result = await cage.RunAsync(new Step { Arguments = ["/usr/bin/stat", "-c", "%s", "state/large"] }, Needs.Stop);
        Assert.Equal($"{200 << 20}\n", Text(result.Output));
    }

    [Fact]
    public async Task Bounds_the_size_of_one_file() =>
        Assert.NotEqual("0", await ShellAsync("head -c 5000000 /dev/zero > f; echo -n $?"));

    [Fact]
    public async Task Ends_a_flood_of_output_and_keeps_no_more_than_allowed()
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
        var result = await cage.RunAsync(new Step { Arguments = ["/usr/bin/yes"], MostOutput = 10_000 }, Needs.Stop);
        Assert.Equal((StepEnding.Flooded, 10_000), (result.Ending, result.Output.Length));
    }

    [Fact]
    public async Task Drops_a_flood_of_errors()
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
        var result = await cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", "head -c 1000000 /dev/zero >&2"], MostErrors = 1000 }, Needs.Stop);
        Assert.Equal((0, 1000), (result.Exit, result.Errors.Length));
    }

    [Fact]
    public async Task Bounds_a_fork_bomb_and_ends_all_of_it()
    {
        var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
        await Record.ExceptionAsync(() => cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", "for i in $(seq 300); do setsid sleep 4242 & done 2>/dev/null"] }, Needs.Stop));
        Assert.InRange(Sleeping("4242"), 0, 100);
        await cage.DisposeAsync();
        Assert.Equal(0, Sleeping("4242"));
    }

    [Fact]
    public async Task Outlives_a_crowd_of_processes_that_leaves_no_room_for_one_more()
    {
        const string crowd = "f() { [ $SECONDS -lt 1 ] && f | f & }; f >/dev/null 2>&1; while [ $SECONDS -lt 2 ]; do :; done; echo outlived";
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
        var result = await cage.RunAsync(new Step { Arguments = ["/usr/bin/bash", "-c", crowd] }, Needs.Stop);
        Assert.Equal((StepEnding.Exited, 0, "outlived\n"), (result.Ending, result.Exit, Text(result.Output)));
    }

    [Fact]
    public async Task Ends_everything_when_its_time_is_over()
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell with { Limits = WithAShell.Limits with { Time = TimeSpan.FromSeconds(1) } }, Needs.Stop);
        var exception = await Assert.ThrowsAsync<SandboxException>(() => cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", "setsid sleep 4343 & sleep 4343"] }, Needs.Stop));
        Assert.Equal("The sandbox ended early: it took longer than 1 s, and no run may have more; split the stack, so that each part plans less, or set engines.terraform.minutes in mcp-infra.yaml.", exception.Message);
        Assert.Equal(0, Sleeping("4343"));
    }

    [Theory]
    [InlineData("while :; do :; done")]
    [InlineData("while :; do (i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done); done")]
    public async Task Ends_everything_when_its_processor_time_is_up(string spin)
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell with { Limits = WithAShell.Limits with { Processor = TimeSpan.FromSeconds(1) } }, Needs.Stop);
        // The kernel may end one process alone before the watch sees it: that is told in the same words.
        var exception = await Assert.ThrowsAsync<SandboxException>(() => cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", spin] }, Needs.Stop));
        Assert.Equal("The sandbox ended early: it used more than 1 s of processor time, and no run may have more; split the stack, so that each part plans less, or set engines.terraform.minutes in mcp-infra.yaml.", exception.Message);
    }

    [Fact]
    public async Task Ends_everything_when_its_processes_together_use_more_than_the_memory()
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell with { Limits = WithAShell.Limits with { Memory = 300 << 20 } }, Needs.Stop);
        var exception = await Assert.ThrowsAsync<SandboxException>(() => cage.RunAsync(
            new Step { Arguments = ["/usr/bin/bash", "-c", "for i in 1 2 3 4 5 6; do (x=$(head -c 80000000 /dev/zero | tr '\\0' x); sleep 20) & done; wait"] }, Needs.Stop));
        Assert.Equal("The sandbox ended early: it used more than 300 MB of memory, and no run may have more; split the stack, so that each part plans less, or set engines.terraform.memory_gb in mcp-infra.yaml.", exception.Message);
    }

    [Fact]
    public async Task Says_so_when_somebody_else_kills_its_first_process()
    {
        using var killed = await CagedProcess.StartAsync(new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", "kill -9 $$"]), WithAShell.Limits, group: null);
        Assert.StartsWith("its first process was killed by somebody else, mostly the kernel", await killed.Ended.WaitAsync(Needs.Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_everything_when_the_call_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
        var running = cage.RunAsync(new Step { Arguments = ["/usr/bin/sleep", "4444"] }, cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await cage.DisposeAsync();
        Assert.Equal(0, Sleeping("4444"));
    }

    [Fact]
    public async Task Starts_no_program_that_it_was_not_given()
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(new SandboxRequest(), Needs.Stop);
        Assert.Equal(StepEnding.NotStarted, (await cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", "true"] }, Needs.Stop)).Ending);
    }

    [Fact]
    public async Task Takes_no_file_outside_its_work_folder()
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
        await cage.WriteAsync("../x", "y"u8.ToArray(), Needs.Stop);
        await Assert.ThrowsAsync<SandboxException>(() => cage.RunAsync(new Step { Read = "x" }, Needs.Stop));
    }

    [Fact]
    public async Task Says_what_is_missing_when_bubblewrap_is()
    {
        var readiness = await new Bubblewrap(OwnProgram.Locate(), "/nonexistent/bwrap").ProbeAsync(Needs.Stop);
        Assert.False(readiness.Ready);
        Assert.Contains("apt-get install bubblewrap", readiness.Remedy, StringComparison.Ordinal);
        Assert.Contains("sandbox: none", readiness.Remedy, StringComparison.Ordinal);
    }

    private static async Task<string> ShellAsync(string script)
    {
        await using var cage = await (await Needs.BubblewrapAsync()).OpenAsync(WithAShell, Needs.Stop);
        return Text((await cage.RunAsync(new Step { Arguments = ["/usr/bin/sh", "-c", script] }, Needs.Stop)).Output);
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static int Sleeping(string seconds) => Directory.EnumerateDirectories("/proc").Count(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Equals($"sleep\0{seconds}\0", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });
}
