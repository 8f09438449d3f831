using System.Text;
using Microsoft.Win32.SafeHandles;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// Whom the kernel ends when memory is used up: the programs that the runner starts before the runner itself, which tells why.
/// A program inherits it from whom starts it, so the runner has it for that moment. Bubblewrap shows /proc read-only; there the host tells.
/// Source: https://docs.kernel.org/filesystems/proc.html, oom_score_adj.
/// </summary>
internal static class OutOfMemory
{
    private static SafeFileHandle? preference;
    private static byte[] own = [];

    /// <summary>Opens what says it, while this process may: before it hides itself.</summary>
    public static void Prepare()
    {
        const string file = "/proc/self/oom_score_adj";
        try
        {
            own = File.ReadAllBytes(file);
            preference = File.OpenHandle(file, access: FileAccess.Write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The kernel decides alone.
        }
    }

    /// <summary>Whether this process, and what it starts from now on, is the first to be ended.</summary>
    public static void TakesFirst(bool first)
    {
        if (preference is null)
        {
            return;
        }

        try
        {
            RandomAccess.Write(preference, first ? Encoding.ASCII.GetBytes("1000") : own, 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The kernel decides alone.
        }
    }
}
