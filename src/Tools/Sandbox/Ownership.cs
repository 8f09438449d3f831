using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox;

/// <summary>Gives a file of ours to the user that a run becomes.</summary>
internal static class Ownership
{
    /// <exception cref="SandboxException">It could not be given.</exception>
    public static void Give(string path, uint user)
    {
        if (lchown(path, user, user) != 0)
        {
            throw new SandboxException($"The egress socket could not be given to the sandbox (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int lchown(string path, uint user, uint group);
}
