using System.Globalization;

namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>Asking the kernel for rights, other namespaces, and for parts of it that have let others out before.</summary>
internal static class KernelEscapes
{
    private static readonly string[] Sets = ["CapInh", "CapPrm", "CapEff", "CapAmb"];

    private const nint NewUser = 0x1000_0000;
    private const nint NewMounts = 0x0002_0000;
    private const nint ChildEnds = 17;
    private const nint Attach = 16;
    private const nint TypeIn = 0x5412;

    public static IReadOnlyList<Escape> All { get; } =
    [
        new("trace another process", _ => Escape.First(Calls.Reaches("ptrace", 101, 117, Attach, 1, 0, 0), Calls.Reaches("process_vm_readv", 310, 270, 1, 0, 0, 0, 0, 0), Calls.Reaches("pidfd_getfd", 438, 438, 0, 0, 0))),
        new("mount, or change its root", _ => Escape.First(
            Calls.Reaches("mount", 165, 40, 0, 0, 0, 0, 0), Calls.Reaches("umount", 166, 39, 0, 0), Calls.Reaches("pivot_root", 155, 41, 0, 0), Calls.Reaches("chroot", 161, 51, 0),
            Calls.Reaches("fsopen", 430, 430, 0, 0), Calls.Reaches("open_tree", 428, 428, -100, 0, 1), Calls.Reaches("mount_setattr", 442, 442, 0, 0, 0, 0, 0))),
        new("open files by handle", _ => Calls.Reaches("open_by_handle_at", 304, 265, 0, 0, 0)),
        new("make or enter namespaces", _ => Escape.First(
            Calls.Reaches("unshare", 272, 97, NewUser), Calls.Reaches("unshare", 272, 97, NewMounts), Calls.Reaches("setns", 308, 268, 0, 0), Calls.Clones("clone", NewUser | ChildEnds), Calls.Reaches("clone3", 435, 435, 0, 0))),
        new("gain rights", _ => Escape.First(Rights(), Calls.Does("setresuid", 117, 147, 0, 0, 0))),
        new("use the kernel's keys", _ => Escape.First(Calls.Reaches("keyctl", 250, 219, 0, -3, 1), Calls.Reaches("add_key", 248, 217, 0, 0, 0, 0, 0), Calls.Reaches("request_key", 249, 218, 0, 0, 0, 0))),
        new("load programs or count events in the kernel", _ => Escape.First(Calls.Reaches("bpf", 321, 280, 0, 0, 0), Calls.Reaches("perf_event_open", 298, 241, 0, 0, -1, -1, 0), Calls.Reaches("userfaultfd", 323, 282, 1))),
        new("open rings to the kernel", _ => Calls.Reaches("io_uring_setup", 425, 425, 1, 0)),
        new("load modules or another kernel", _ => Escape.First(Calls.Reaches("init_module", 175, 105, 0, 0, 0), Calls.Reaches("finit_module", 313, 273, -1, 0, 0), Calls.Reaches("kexec_load", 246, 104, 0, 0, 0, 0))),
        new("type into the server's terminal", _ => Escape.First(Terminal(), Calls.Reaches("ioctl", 16, 29, 0, TypeIn, 0))),
        new("change personality, clock or host name", _ => Escape.First(Calls.Reaches("personality", 135, 92, 0x0040_0000), Calls.Reaches("clock_settime", 227, 112, 0, 0), Calls.Reaches("sethostname", 170, 161, 0, 0))),
    ];

    // Every set of capabilities empty, none to be had by a program's owner, and the filter on: the kernel's own words.
    private static string? Rights()
    {
        var status = File.ReadAllLines("/proc/self/status").Select(line => line.Split(':', 2)).ToDictionary(line => line[0], line => line[1].Trim());
        return Sets.Any(set => ulong.Parse(status[set], NumberStyles.HexNumber, CultureInfo.InvariantCulture) != 0) ? "it has capabilities"
            : status["NoNewPrivs"] != "1" ? "it may gain privileges by a program's owner"
            : status["Uid"].Split('\t').Contains("0") ? "it is root"
            : null;
    }

    private static string? Terminal()
    {
        try
        {
            File.Open("/dev/tty", FileMode.Open, FileAccess.ReadWrite).Dispose();
            return "it has a terminal";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
