using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox;

/// <summary>Whose a file is.</summary>
internal static class Ownership
{
    private const int Here = -100;
    private const int NotThroughLinks = 0x100;
    private const uint Basics = 0x7FF;

    /// <summary>Gives a file of ours to the user that a run becomes.</summary>
    /// <exception cref="SandboxException">It could not be given.</exception>
    public static void Give(string path, uint user)
    {
        if (lchown(path, user, user) != 0)
        {
            throw new SandboxException($"The egress socket could not be given to the sandbox (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    /// <summary>Whether it is this process's user's; where that cannot be asked, yes.</summary>
    public static bool IsOurs(string path) => Of(path) is not { } owner || owner == geteuid();

    /// <summary>Whether it is this process's user's or root's; where that cannot be asked, yes.</summary>
    public static bool IsOursOrRoots(string path) => IsOurs(path) || Of(path) is 0;

    /// <summary>What the kernel's `struct statx` says of it; null on other systems than Linux, and where there is none.</summary>
    public static byte[]? Status(string path)
    {
        var read = new byte[256];
        return OperatingSystem.IsLinux() && statx(Here, path, NotThroughLinks, Basics, read) == 0 ? read : null;
    }

    private static uint? Of(string path) => Status(path) is { } status ? BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(20)) : null;

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int lchown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] read);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint geteuid();
}
