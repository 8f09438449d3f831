using System.Globalization;

namespace McpInfra.Tools.Sandbox;

/// <summary>A process and all that descend from it, as the kernel lists them; empty where there is no /proc.</summary>
internal static class ProcessTree
{
    private const int TicksASecond = 100; // What the kernel counts in towards programs, on every architecture.

    /// <summary>What the whole tree uses: private resident bytes now, and processor time so far, with that of processes that have left.</summary>
    public static (long ResidentBytes, TimeSpan Processor) Use(int root)
    {
        var (members, ticks) = Read(root);
        return (members.Sum(PrivateBytes), TimeSpan.FromSeconds((double)ticks / TicksASecond));
    }

    /// <summary>Ids of the process and its descendants.</summary>
    public static IReadOnlyCollection<int> Members(int root) => Read(root).Members;

    /// <summary>When a process began, in the kernel's own count since the machine did; null when there is none.</summary>
    public static long? Started(int id) => Fields(id.ToString(CultureInfo.InvariantCulture)) is { Length: > 19 } fields ? long.Parse(fields[19], CultureInfo.InvariantCulture) : null;

    private static (IReadOnlyCollection<int> Members, long Ticks) Read(int root)
    {
        if (!OperatingSystem.IsLinux())
        {
            return ([], 0);
        }

        var all = Processes().ToList();
        var children = all.ToLookup(process => process.Parent, process => process.Id);
        var members = new HashSet<int> { root };
        var open = new Stack<int>(members);
        while (open.TryPop(out var next))
        {
            foreach (var child in children[next])
            {
                if (members.Add(child))
                {
                    open.Push(child);
                }
            }
        }

        return (members, all.Where(process => members.Contains(process.Id)).Sum(process => process.Ticks));
    }

    private static IEnumerable<(int Id, int Parent, long Ticks)> Processes()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Fields(Path.GetFileName(folder)) is { Length: > 14 } fields)
            {
                // Its own time as program and kernel, and that of the children it has waited for.
                yield return (id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
            }
        }
    }

    // The command, second field, may hold spaces and parentheses; what follows the last one does not.
    private static string[]? Fields(string id) => Read($"/proc/{id}/stat") is { } stat ? stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) : null;

    private static long PrivateBytes(int id) =>
        Read($"/proc/{id}/statm")?.Split(' ') is [_, var resident, var shared, ..]
            ? (long.Parse(resident, CultureInfo.InvariantCulture) - long.Parse(shared, CultureInfo.InvariantCulture)) * Environment.SystemPageSize
            : 0;

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // It left between listing and reading.
        }
    }
}
