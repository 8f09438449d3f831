using System.Globalization;
using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox;

/// <summary>Descriptors that this process was born with and did not open itself.</summary>
internal static class Descriptors
{
    private const int SetFlags = 2;
    private const int CloseOnExecFlag = 1;

    /// <summary>Marks every descriptor above standard error so that no child inherits it.</summary>
    public static void CloseOnExec()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) && descriptor > 2)
            {
                _ = fcntl(descriptor, SetFlags, CloseOnExecFlag); // One that closed meanwhile needs no mark.
            }
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fcntl(int descriptor, int command, int argument);
}
