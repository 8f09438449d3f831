using System.Diagnostics;
using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// Ends a run when its server is gone: an engine does not do that of its own accord, and the kernel forgets that bubblewrap asked it to when the runner changes its user.
/// Where its processes cannot be counted from outside it holds it to its limits too: a container's are the engine's, and may be in a virtual machine.
/// On a thread that exists before anything strange does, so that nothing keeps it from starting.
/// </summary>
internal static class Watch
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Groups = ["/sys/fs/cgroup", "/sys/fs/cgroup/memory"];

    /// <summary>Starts it; it ends the runner, and with it all that runs, when its server is gone or a limit is passed.</summary>
    /// <param name="limits">What it may use; null where that is held to from outside.</param>
    public static void Start(SandboxLimits? limits) => new Thread(() => Run(limits)) { IsBackground = true, Name = "watch" }.Start();

    /// <summary>Says why and leaves at once, whatever else goes on.</summary>
    public static void Leave(string why)
    {
        Console.Error.WriteLine($"{SandboxRun.Says}{why}");
        _exit(1);
    }

    private static void Run(SandboxLimits? limits)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (ServerIsGone())
            {
                Leave("its server is gone");
            }

            if (limits is not null && Passed(limits, clock.Elapsed) is { } limit)
            {
                Leave(limit);
            }

            Thread.Sleep(Glance);
        }
    }

    private static string? Passed(SandboxLimits limits, TimeSpan time)
    {
        var (bytes, processor) = ProcessTree.Use(Environment.ProcessId);
        return limits.Passed(time, processor, Groups.Any(ControlGroup.RanOut) ? long.MaxValue : bytes);
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
