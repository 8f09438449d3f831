using System.Globalization;

namespace McpInfra.Tools.Sandbox;

/// <summary>A process and all that descend from it, as the kernel lists them; empty where there is no /proc.</summary>
internal static class ProcessTree
{
    /// <summary>Private resident bytes of the whole tree.</summary>
    public static long ResidentBytes(int root) => Members(root).Sum(PrivateBytes);

    /// <summary>Ids of the process and its descendants.</summary>
    public static IReadOnlyCollection<int> Members(int root)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var children = Parents().ToLookup(pair => pair.Parent, pair => pair.Id);
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

        return members;
    }

    private static IEnumerable<(int Id, int Parent)> Parents()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            // The command, second field, may hold spaces and parentheses; what follows the last one does not.
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Read($"{folder}/stat") is { } stat
                && stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var parent, ..])
            {
                yield return (id, int.Parse(parent, CultureInfo.InvariantCulture));
            }
        }
    }

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
