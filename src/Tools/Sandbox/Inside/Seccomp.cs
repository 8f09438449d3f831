using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// A system call filter for everything in the cage: no new namespaces, mounts, keys, tracing, kernel programs, rings or modules, and sockets of the unix and internet families alone
/// (others, vsock above all, are not held by a network namespace). Numbers from the kernel's own tables for x64 and arm64.
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

    private static readonly Table? Here = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => new Table(0xC000_003E, 317, CloneCall: 56, SocketCall: 41,
        [
            101, 103, 155, 161, 165, 166, 167, 168, 169, 175, 176, 246, 248, 249, 250, 272, 298, 303, 304, 308, 310, 311, 313, 320, 321, 323,
            425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442,
        ]),
        Architecture.Arm64 => new Table(0xC000_00B7, 277, CloneCall: 220, SocketCall: 198,
        [
            39, 40, 41, 51, 97, 104, 105, 106, 116, 117, 142, 217, 218, 219, 224, 225, 241, 264, 265, 268, 270, 271, 273, 280, 282, 294,
            425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442,
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
        const uint Number = 0, Processor = 4, FirstArgument = 16;
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
            new(IfEqual, 0, 6, table.SocketCall), new(Load, 0, 0, FirstArgument),
            new(IfEqual, 4, 0, 1), new(IfEqual, 3, 0, 2), new(IfEqual, 2, 0, 10), new(IfEqual, 1, 0, 16), new(Return, 0, 0, Fail | NotPermitted),
            new(Return, 0, 0, Allow),
        ]);
        return [.. program];
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint syscall(nint number, nint operation, nint flags, ref FilterProgram program);

    private sealed record Table(uint Processor, nint SeccompCall, uint CloneCall, uint SocketCall, uint[] Denied);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public nint Filter;
    }
}
