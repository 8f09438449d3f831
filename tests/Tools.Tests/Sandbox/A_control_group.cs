using System.Diagnostics;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Tests.Plans;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>The kernel's own hold on a run, where this machine lets one be made; elsewhere the limits of processes and the watch are what is tested.</summary>
public sealed class A_control_group
{
    [Fact]
    public void Ends_processes_that_together_use_more_memory_than_the_run_may()
    {
        using var group = ControlGroup.Open(new SandboxLimits { Memory = 48 << 20, Disk = 0 });
        if (group is null)
        {
            return;
        }

        // No one of them is over the limit, and one alone would end well.
        using var hungry = Start("for i in 1 2 3 4; do (v=$(head -c 24000000 /dev/zero | tr '\\0' x); read -r _ < /dev/stdin; echo ${#v}) & done; wait; exit 7", group);
        Assert.True(SpinWait.SpinUntil(() => group.RanOutOfMemory || hungry.HasExited, TimeSpan.FromSeconds(60)));
        Assert.True(group.RanOutOfMemory);
        hungry.Kill(entireProcessTree: true);
    }

    [Fact]
    public void Keeps_a_run_from_starting_more_processes_than_it_may()
    {
        using var group = ControlGroup.Open(new SandboxLimits { Processes = 8 });
        if (group is null)
        {
            return;
        }

        using var bomb = Start("i=0; while [ $i -lt 100 ]; do sleep 60 & i=$((i+1)); done; wait", group);
        var most = 0;
        Assert.True(SpinWait.SpinUntil(() => (most = Math.Max(most, ProcessTree.Members(bomb.Id).Count)) >= 8 + SandboxLimits.OfRunner || bomb.HasExited, TimeSpan.FromSeconds(30)));
        Assert.InRange(most, 1, 8 + SandboxLimits.OfRunner);
        bomb.Kill(entireProcessTree: true);
    }

    [Fact]
    public void Ends_what_was_left_behind_and_goes_with_its_run()
    {
        var group = ControlGroup.Open(new SandboxLimits());
        if (group is null)
        {
            return;
        }

        using var parent = Start("(setsid sleep 61 &) ; echo started", group);
        parent.WaitForExit();
        group.Dispose();
        Assert.DoesNotContain(Directory.EnumerateFiles("/proc", "cmdline", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true }), Is61);
        Assert.All(group.Folders, folder => Assert.False(Directory.Exists(folder)));
    }

    [Fact]
    public void Is_made_beside_our_own_group_in_version_2_with_every_limit_written()
    {
        using var root = new ScratchFolder();
        var slice = Path.Combine(root.Path, "sys/fs/cgroup/user.slice/app.slice");
        Directory.CreateDirectory(Path.Combine(slice, "terminal.scope"));
        Directory.CreateDirectory(Path.Combine(root.Path, "proc/self"));
        File.WriteAllText(Path.Combine(root.Path, "proc/self/cgroup"), "0::/user.slice/app.slice/terminal.scope\n");
        File.WriteAllText(Path.Combine(root.Path, "proc/self/mountinfo"), "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
        Assert.Null(ControlGroup.Open(new SandboxLimits(), root.Path));

        File.WriteAllText(Path.Combine(slice, "cgroup.subtree_control"), "cpu memory pids\n");
        Assert.NotNull(ControlGroup.Open(new SandboxLimits { Memory = 100, Disk = 10, Processes = 5 }, root.Path));
        var made = Assert.Single(Directory.GetDirectories(slice, "mcp-infra-*"));
        Assert.Equal(("110", $"{5 + SandboxLimits.OfRunner}"), (File.ReadAllText(Path.Combine(made, "memory.max")), File.ReadAllText(Path.Combine(made, "pids.max"))));
    }

    private static Process Start(string script, ControlGroup group)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "read -r _; " + script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        group.Take(process.Id);
        process.StandardInput.WriteLine("go");
        return process;
    }

    private static bool Is61(string file)
    {
        try
        {
            return File.ReadAllText(file).Contains("sleep\u000061", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
