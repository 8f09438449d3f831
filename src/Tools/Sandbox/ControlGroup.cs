using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// A control group for one run, where the kernel lets this process make one: it holds memory and processes of everything in the cage together, which limits of single
/// processes and a watch cannot. Version 2 where the parent group is ours (a systemd user session, a delegated service, root), and version 1.
/// Source: https://docs.kernel.org/admin-guide/cgroup-v2.html and cgroup-v1/{memory,pids}.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Prefix = "mcp-infra-";
    private const int MostRounds = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private ControlGroup(IReadOnlyList<string> folders) => Folders = folders;

    /// <summary>Where the kernel shows it; one folder for each hierarchy.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>Whether the kernel had to end a process of it because its memory was used up.</summary>
    public bool RanOutOfMemory => Folders.Any(RanOut);

    /// <summary>Whether the kernel had to end a process of the group that a folder shows.</summary>
    public static bool RanOut(string folder) => Counts(folder, "memory.events") || Counts(folder, "memory.oom_control");

    /// <summary>A new group, empty; null where none can be made.</summary>
    /// <param name="limits">Memory counts with what is written into the cage's own file system, which lies in memory.</param>
    /// <param name="root">Where the kernel shows its files; another folder stands for them in tests.</param>
    public static ControlGroup? Open(SandboxLimits limits, string root = "/")
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var made = new List<string>();
        try
        {
            foreach (var (parent, files) in Places(limits, root))
            {
                Sweep(parent);
                var folder = Path.Combine(parent, $"{Prefix}{Owner.Mark}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
                Directory.CreateDirectory(folder);
                made.Add(folder);
                foreach (var (name, value, isOptional) in files.Where(file => !file.IsOptional || File.Exists(Path.Combine(folder, file.Name))))
                {
                    File.WriteAllText(Path.Combine(folder, name), value);
                }
            }

            return made.Count > 0 ? new ControlGroup(made) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            new ControlGroup(made).Dispose();
            return null;
        }
    }

    /// <summary>Takes in a process and all that it has started; what these start is in it from the beginning. A kernel that refuses leaves it to the limits of single processes.</summary>
    public void Take(int process)
    {
        var taken = new HashSet<int>();
        for (var round = 0; round < MostRounds; round++)
        {
            var found = ProcessTree.Members(process).Except(taken).ToList();
            if (found.Count == 0)
            {
                return;
            }

            foreach (var (id, folder) in found.SelectMany(id => Folders.Select(folder => (id, folder))))
            {
                try
                {
                    File.WriteAllText(Path.Combine(folder, "cgroup.procs"), id.ToString(CultureInfo.InvariantCulture));
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // It left in the meantime, or may not be moved.
                }
            }

            taken.UnionWith(found);
        }
    }

    /// <summary>Ends what is left in it, and removes it.</summary>
    public void Dispose()
    {
        var clock = Stopwatch.StartNew();
        foreach (var folder in Folders)
        {
            while (!Removed(folder) && clock.Elapsed < Patience)
            {
                End(folder);
                Thread.Sleep(5);
            }
        }
    }

    private static IEnumerable<(string Parent, (string Name, string Value, bool IsOptional)[] Files)> Places(SandboxLimits limits, string root)
    {
        string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
        var memory = Number(limits.Memory + limits.Disk);
        var processes = Number(limits.Processes + SandboxLimits.OfRunner);
        var mounts = File.ReadLines(Path.Join(root, "proc/self/mountinfo")).Select(line => line.Split(' ')).Where(parts => parts.Length > 9).ToList();
        var own = File.ReadLines(Path.Join(root, "proc/self/cgroup")).Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3).ToList();

        // In version 2 a group with processes has none below it, so it is made beside ours.
        if (own.FirstOrDefault(parts => parts[1].Length == 0) is [_, _, var path] && mounts.FirstOrDefault(parts => parts[Array.IndexOf(parts, "-") + 1] == "cgroup2") is { } unified)
        {
            var parent = Path.Join(root, unified[4], path == "/" ? "" : Path.GetDirectoryName(path));
            var control = Path.Combine(parent, "cgroup.subtree_control");
            if (File.Exists(control) && File.ReadAllText(control).Split([' ', '\n']) is var controllers && controllers.Contains("memory") && controllers.Contains("pids"))
            {
                yield return (parent, [("memory.max", memory, false), ("memory.swap.max", "0", true), ("memory.oom.group", "1", true), ("pids.max", processes, false)]);
                yield break;
            }
        }

        if (Folder("memory") is { } memories && Folder("pids") is { } numbers)
        {
            yield return (memories, [("memory.limit_in_bytes", memory, false), ("memory.memsw.limit_in_bytes", memory, true)]);
            yield return (numbers, [("pids.max", processes, false)]);
        }

        string? Folder(string controller) =>
            own.FirstOrDefault(parts => parts[1].Split(',').Contains(controller)) is [_, _, var place]
            && mounts.FirstOrDefault(parts => parts[Array.IndexOf(parts, "-") + 1] == "cgroup" && parts[^1].Split(',').Contains(controller)) is { } mount
            && Path.Join(root, mount[4], place) is var folder && Directory.Exists(folder) ? folder : null;
    }

    // Groups of servers that were killed.
    private static void Sweep(string parent)
    {
        foreach (var left in Directory.EnumerateDirectories(parent, Prefix + "*").Where(left => Owner.IsGone(Path.GetFileName(left)[Prefix.Length..])))
        {
            End(left);
            Removed(left);
        }
    }

    private static void End(string folder)
    {
        try
        {
            var all = Path.Combine(folder, "cgroup.kill");
            if (File.Exists(all))
            {
                File.WriteAllText(all, "1");
                return;
            }

            foreach (var id in File.ReadLines(Path.Combine(folder, "cgroup.procs")))
            {
                using var process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
                process.Kill();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            // They left in the meantime.
        }
    }

    private static bool Removed(string folder)
    {
        try
        {
            Directory.Delete(folder); // Its files are the kernel's, and go with it.
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Counts(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) && File.ReadLines(path).Any(line => line.Split(' ') is ["oom_kill", not "0"]);
    }
}
