using System.Diagnostics;
using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox;

/// <summary>What the runner gives up before it touches anything strange.</summary>
internal static class Confinement
{
    private const int ProcessorTime = 0;
    private const int FileSize = 1;
    private const int DataSize = 2;
    private const int CoreSize = 4;
    private const int Dumpable = 4;
    private const int NoNewPrivileges = 38;
    private const int Itself = 0;
    private const double UntilTold = 1.5; // The watch, which tells why, comes first: the kernel counts ticks here, and memory that was given back, which may be far more than what was used.

    private static readonly (int Processes, int Descriptors) Numbers = OperatingSystem.IsMacOS() ? (7, 8) : (6, 7);

    /// <exception cref="InvalidOperationException">The kernel refused a step.</exception>
    public static void Apply(Opening opening)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (opening.DropTo is { } user)
        {
            Require(setgroups(0, 0), "leave its groups");
            Require(setresgid(user, user, user), "change its group");
            Require(setresuid(user, user, user), "change its user");
        }

        RenounceRights();
        Limit(CoreSize, 0);
        Limit(ProcessorTime, (long)Math.Ceiling(opening.Limits.Processor.TotalSeconds * UntilTold) + 1);
        Limit(FileSize, opening.Limits.Disk);
        Limit(Numbers.Descriptors, opening.Limits.Descriptors);
        if (OperatingSystem.IsLinux())
        {
            Limit(DataSize, (long)(opening.Limits.Memory * UntilTold));
            OutOfMemory.Prepare();
            Require(prctl(Dumpable, 0, 0, 0, 0), "hide its memory and pipes");
        }

        if (opening.Confine)
        {
            // Counted for the run's own user; without a cage it would count the person's other programs too.
            Limit(Numbers.Processes, opening.Limits.Processes + SandboxLimits.OfRunner);
            if (opening.Filter)
            {
                Seccomp.Install();
            }
        }
    }

    /// <summary>
    /// Gives up the capabilities of the calling thread, also those that only a program with capabilities of its own would get, and new privileges.
    /// The kernel keeps both for each thread, and a program inherits those of the thread that starts it: so it is asked again before each start.
    /// </summary>
    /// <exception cref="InvalidOperationException">The kernel refused.</exception>
    public static void RenounceRights()
    {
        if (OperatingSystem.IsLinux())
        {
            var (header, sets) = (new CapabilityHeader { Version = 0x2008_0522 }, new uint[6]);
            Require(capset(ref header, sets), "give up its capabilities");
            Require(prctl(NoNewPrivileges, 1, 0, 0, 0), "renounce new privileges");
        }
    }

    /// <summary>Starts a program that, with all that it starts, may have fewer processes than the runner: else a crowd of them would leave the runner no thread to end them with.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static Process Start(ProcessStartInfo start, Opening opening)
    {
        RenounceRights();
        if (!opening.Confine || !OperatingSystem.IsLinux())
        {
            return Process.Start(start)!;
        }

        var (fewer, own) = ((ulong)opening.Limits.Processes, (ulong)opening.Limits.Processes + SandboxLimits.OfRunner);
        Process process;
        try
        {
            SetProcesses(Itself, fewer, own); // What starts inherits it from its first moment.
            OutOfMemory.TakesFirst(true);
            process = Process.Start(start)!;
        }
        finally
        {
            OutOfMemory.TakesFirst(false);
            SetProcesses(Itself, own, own);
        }

        SetProcesses(process.Id, fewer, fewer); // It cannot raise it again.
        return process;
    }

    // One that has left already needs no limit.
    private static void SetProcesses(int process, ulong soft, ulong hard)
    {
        var limit = new ResourceLimit { Soft = soft, Hard = hard };
        _ = prlimit(process, Numbers.Processes, ref limit, 0);
    }

    private static void Limit(int what, long most)
    {
        var limit = new ResourceLimit { Soft = (ulong)most, Hard = (ulong)most };
        Require(setrlimit(what, ref limit), "set its limits");
    }

    private static void Require(int result, string step)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"could not {step} (error {Marshal.GetLastPInvokeError()})");
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setgroups(nint count, nint groups);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setresuid(uint real, uint effective, uint saved);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setresgid(uint real, uint effective, uint saved);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setrlimit(int what, ref ResourceLimit limit);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int prlimit(int process, int what, ref ResourceLimit limit, nint old);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int prctl(int option, nint a, nint b, nint c, nint d);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int capset(ref CapabilityHeader header, uint[] sets);

    [StructLayout(LayoutKind.Sequential)]
    private struct CapabilityHeader
    {
        public uint Version;
        public int Process;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
