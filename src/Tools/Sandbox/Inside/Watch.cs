using System.Diagnostics;
using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// Holds a run to its limits from inside, where its processes cannot be counted from outside: a container's are the engine's, and may be in a virtual machine.
/// It ends it too when the server is gone, which an engine does not do of its own accord. On a thread that exists before anything strange does, so that nothing keeps it from starting.
/// </summary>
internal static class Watch
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Groups = ["/sys/fs/cgroup", "/sys/fs/cgroup/memory"];

    /// <summary>Starts it; it ends the runner, and with it all that runs, when a limit is passed.</summary>
    public static void Start(SandboxLimits limits) => new Thread(() => Run(limits)) { IsBackground = true, Name = "watch" }.Start();

    /// <summary>Says why and leaves at once, whatever else goes on.</summary>
    public static void Leave(string why)
    {
        Console.Error.WriteLine($"{SandboxRun.Says}{why}");
        _exit(1);
    }

    private static void Run(SandboxLimits limits)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var (bytes, processor) = ProcessTree.Use(Environment.ProcessId);
            if (limits.Passed(clock.Elapsed, processor, Groups.Any(ControlGroup.RanOut) ? long.MaxValue : bytes) is { } limit)
            {
                Leave(limit);
            }

            if (ServerIsGone())
            {
                Leave("its server is gone");
            }

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
