using System.ComponentModel;
using System.Diagnostics;

namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>Reaching processes of the host, outliving the cage, and using more than it may.</summary>
internal static class ProcessEscapes
{
    private const int Few = 20;

    public static IReadOnlyList<Escape> All { get; } =
    [
        new("see or signal processes of the host", aims => Escape.First(
            Directory.EnumerateDirectories("/proc").Count(path => int.TryParse(Path.GetFileName(path), out _)) > Few ? "it sees many processes" : null,
            aims.Process > Few ? Signals(aims.Process) : null)),
        new("fill the disk", Fill),
        new("start processes without end", Multiply),
    ];

    private static string? Signals(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return "the server's process is there";
        }
        catch (Exception exception) when (exception is ArgumentException or Win32Exception)
        {
            return null;
        }
    }

    private static string? Fill(EscapeAims aims)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/work", "filler");
        var piece = new byte[1 << 20];
        long written = 0;
        try
        {
            for (var file = 0; file < 64 && written <= 2 * aims.Disk; file++)
            {
                using var filler = new FileStream($"{path}-{file}", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
                for (var pieces = 0; pieces < 4 && written <= 2 * aims.Disk; pieces++)
                {
                    filler.Write(piece);
                    written += piece.Length;
                }
            }

            return $"it wrote {written >> 20} MB";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            foreach (var filler in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "filler-*"))
            {
                File.Delete(filler);
            }
        }
    }

    private static string? Multiply(EscapeAims aims)
    {
        using var end = new ManualResetEventSlim();
        var started = 0;
        try
        {
            for (; started <= aims.Processes; started++)
            {
                new Thread(() => end.Wait(), maxStackSize: 256 << 10) { IsBackground = true }.Start();
            }

            return $"it has {started} threads";
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            return null;
        }
        finally
        {
            end.Set();
        }
    }
}
