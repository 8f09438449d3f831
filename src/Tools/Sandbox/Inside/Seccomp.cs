using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// A system call filter for everything in the cage: no new namespaces, mounts, keys, tracing, kernel programs, rings or modules, no clock, quota or terminal of others,
/// and sockets of the unix and internet families alone (others, vsock above all, are not held by a network namespace).
/// It denies all that container engines deny by default, and what they leave to capabilities. Numbers from the kernel's own tables for x64 and arm64.
/// </summary>
internal static class Seccomp
{
    private const uint Allow = 0x7FFF_0000;
    private const uint KillProcess = 0x8000_0000;
    private const uint Fail = 0x0005_0000;
    private const uint NotPermitted = 1;
    private const uint NoSuchCall = 38;
    private const uint NewNamespaces = 0x7E02_0000;
    private const ushort Load = 0x20;
    private const ushort IfEqual = 0x15;
    private const ushort IfAtLeast = 0x35;
    private const ushort IfAnyBit = 0x45;
    private const ushort Return = 0x06;

    // Numbers that all processors share: rings, the new way to mount, quotas, statistics of mounts.
    private static readonly uint[] Newer = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 443, 457, 458, 467];

    // Typing into a terminal, and a console's own commands.
    private static readonly uint[] DeniedControls = [0x5412, 0x541C];

    private static readonly Table? Here = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => new Table(0xC000_003E, 317, CloneCall: 56, SocketCall: 41, ControlCall: 16,
        [
            101, 103, 310, 311, 312, 438, 440, // tracing and reading other processes, the kernel's log
            155, 161, 165, 166, 303, 304, // mounts, roots, files by handle
            272, 308, // namespaces
            167, 168, 169, 170, 171, 172, 173, 246, 320, // swap, reboot, names, ports, another kernel
            134, 136, 139, 154, 156, 174, 175, 176, 177, 178, 180, 212, 313, // modules, segments, and what is there for old programs alone
            159, 163, 164, 179, 227, 305, // clocks, accounting, quotas
            135, 153, 248, 249, 250, 298, 300, 321, 323, // personality, hang-up, keys, performance counters, watches, kernel programs, page faults
            .. Newer,
        ]),
        Architecture.Arm64 => new Table(0xC000_00B7, 277, CloneCall: 220, SocketCall: 198, ControlCall: 29,
        [
            116, 117, 270, 271, 272, 438, 440,
            39, 40, 41, 51, 264, 265,
            97, 268,
            104, 142, 161, 162, 224, 225, 294,
            18, 42, 105, 106, 273,
            60, 89, 112, 170, 171, 266,
            58, 92, 217, 218, 219, 241, 262, 280, 282,
            .. Newer,
        ]),
        _ => null,
    };

    /// <summary>Whether this processor's calls are known.</summary>
    public static bool Supported => Here is not null;

    /// <summary>Installs the filter for every thread of this process and all its children, for good.</summary>
    /// <exception cref="InvalidOperationException">The kernel refused it.</exception>
    public static void Install()
    {
        var table = Here ?? throw new InvalidOperationException("the system call filter does not know this processor");
        var filter = Program(table);
        var memory = GCHandle.Alloc(filter, GCHandleType.Pinned);
        try
        {
            var program = new FilterProgram { Length = (ushort)filter.Length, Filter = memory.AddrOfPinnedObject() };
            const nint SetFilter = 1, AllThreads = 1;
            if (syscall(table.SeccompCall, SetFilter, AllThreads, ref program) != 0)
            {
                throw new InvalidOperationException($"the system call filter was refused (error {Marshal.GetLastPInvokeError()})");
            }
        }
        finally
        {
            memory.Free();
        }
    }

    private static Instruction[] Program(Table table)
    {
        const uint Number = 0, Processor = 4, FirstArgument = 16, SecondArgument = 24;
        List<Instruction> program =
        [
            new(Load, 0, 0, Processor), new(IfEqual, 1, 0, table.Processor), new(Return, 0, 0, KillProcess),
            new(Load, 0, 0, Number),
            new(IfAtLeast, 0, 1, 0x4000_0000), new(Return, 0, 0, Fail | NoSuchCall), // x32, a second door to the same calls.
            new(IfEqual, 0, 1, 435), new(Return, 0, 0, Fail | NoSuchCall), // clone3 hides its flags in memory; libraries fall back to clone.
        ];
        foreach (var denied in table.Denied)
        {
            program.AddRange([new(IfEqual, 0, 1, denied), new(Return, 0, 0, Fail | NotPermitted)]);
        }

        program.AddRange(
        [
            new(IfEqual, 0, 4, table.CloneCall), new(Load, 0, 0, FirstArgument), new(IfAnyBit, 0, 1, NewNamespaces), new(Return, 0, 0, Fail | NotPermitted), new(Return, 0, 0, Allow),
            new(IfEqual, 0, 5, table.ControlCall), new(Load, 0, 0, SecondArgument), new(IfEqual, 1, 0, DeniedControls[0]), new(IfEqual, 0, 1, DeniedControls[1]), new(Return, 0, 0, Fail | NotPermitted), new(Return, 0, 0, Allow),
            new(IfEqual, 0, 5, table.SocketCall), new(Load, 0, 0, FirstArgument),
            new(IfEqual, 3, 0, 1), new(IfEqual, 2, 0, 2), new(IfEqual, 1, 0, 10), new(Return, 0, 0, Fail | NotPermitted),
            new(Return, 0, 0, Allow),
        ]);
        return [.. program];
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint syscall(nint number, nint operation, nint flags, ref FilterProgram program);

    private sealed record Table(uint Processor, nint SeccompCall, uint CloneCall, uint SocketCall, uint ControlCall, uint[] Denied);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public nint Filter;
    }
}
