using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// A mark for what this process leaves in places that outlive it (folders, control groups, containers), so that a later one can tell what nobody owns any more.
/// It names the process by id and start, and the kernel's set of processes that the id belongs to.
/// </summary>
internal static class Owner
{
    private static readonly string Processes = OperatingSystem.IsLinux() ? new([.. (File.ResolveLinkTarget("/proc/self/ns/pid", false)?.Name ?? "").Where(char.IsAsciiDigit)]) : "0";

    /// <summary>This process's: letters, digits and hyphens.</summary>
    public static string Mark { get; } = string.Create(CultureInfo.InvariantCulture, $"{Processes}-{Environment.ProcessId}-{Started(Environment.ProcessId) ?? 0:x}");

    /// <summary>Whether a name that begins with a mark names a process that is surely gone; of what it cannot tell it says no.</summary>
    public static bool IsGone(string name) =>
        name.Split('-') is [var processes, var id, var started, ..]
        && processes == Processes && processes.Length > 0
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
        && long.TryParse(started, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var then)
        && Started(process) != then;

    private static long? Started(int id)
    {
        if (OperatingSystem.IsLinux())
        {
            return ProcessTree.Started(id);
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
