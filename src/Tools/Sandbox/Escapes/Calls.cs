using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>System calls made directly, as code in a cage can make them.</summary>
internal static class Calls
{
    private static readonly int[] Refusals = [1, 13, 38]; // not permitted, access denied, no such call

    /// <summary>Calls by the numbers of x64 and arm64; null when the kernel refused it, else the name. Wrong arguments do not count as refused.</summary>
    public static string? Reaches(string name, nint onX64, nint onArm64, params ReadOnlySpan<nint> arguments) =>
        Make(onX64, onArm64, arguments) >= 0 || !Refusals.Contains(Marshal.GetLastPInvokeError()) ? name : null;

    /// <summary>The same for a call that is only a way out when it succeeds.</summary>
    public static string? Does(string name, nint onX64, nint onArm64, params ReadOnlySpan<nint> arguments) => Make(onX64, onArm64, arguments) >= 0 ? name : null;

    /// <summary>A child in other namespaces, which ends at once.</summary>
    public static string? Clones(string name, nint flags)
    {
        var made = Make(56, 220, flags, 0, 0, 0, 0);
        if (made == 0)
        {
            _exit(0);
        }

        return made > 0 ? name : null;
    }

    private static nint Make(nint onX64, nint onArm64, params ReadOnlySpan<nint> arguments)
    {
        Span<nint> all = stackalloc nint[6];
        arguments.CopyTo(all);
        return syscall(RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? onArm64 : onX64, all[0], all[1], all[2], all[3], all[4], all[5]);
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void _exit(int code);

    /// <summary>Leaves the session that it was started in.</summary>
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int setsid();
}
