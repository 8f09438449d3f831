using System.Diagnostics;
using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// Ends a run when its server is gone: an engine does not do that of its own accord, and the kernel forgets that bubblewrap asked it to when the runner changes its user.
/// Where its processes cannot be counted from outside it holds it to its limits too: a container's are the engine's, and may be in a virtual machine.
/// On a thread that exists before anything strange does, so that nothing keeps it from starting.
/// </summary>
internal sealed class Watch
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Groups = ["/sys/fs/cgroup", "/sys/fs/cgroup/memory"];

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly SandboxLimits? limits;

    private Watch(SandboxLimits? limits) => this.limits = limits;

    /// <summary>Starts it; it ends the runner, and with it all that runs, when its server is gone or a limit is passed.</summary>
    /// <param name="limits">What it may use; null where that is held to from outside.</param>
    public static Watch Start(SandboxLimits? limits)
    {
        var watch = new Watch(limits);
        new Thread(watch.Run) { IsBackground = true, Name = "watch" }.Start();
        return watch;
    }

    /// <summary>Says why and leaves at once, whatever else goes on.</summary>
    public static void Leave(string why)
    {
        Console.Error.WriteLine($"{SandboxRun.Says}{why}");
        _exit(1);
    }

    /// <summary>Leaves when a limit is passed by now: the kernel may have ended a step for it before the next glance.</summary>
    public void Check()
    {
        if (limits is null)
        {
            return;
        }

        var (bytes, processor) = ProcessTree.Use(Environment.ProcessId);
        if (limits.Passed(clock.Elapsed, processor, Groups.Any(ControlGroup.RanOut) ? long.MaxValue : bytes) is { } limit)
        {
            Leave(limit);
        }
    }

    private void Run()
    {
        while (true)
        {
            if (ServerIsGone())
            {
                Leave("its server is gone");
            }

            Check();
            Thread.Sleep(Glance);
        }
    }

    // While a step runs nobody reads standard input, so its end is asked for.
    private static bool ServerIsGone()
    {
        const short hungUp = 0x10;
        var input = default(Polled);
        return poll(ref input, 1, 0) > 0 && (input.Happened & hungUp) != 0;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int poll(ref Polled what, nuint count, int milliseconds);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void _exit(int code);

    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }
}
