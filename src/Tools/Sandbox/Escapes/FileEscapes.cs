namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>Reading and writing what is not the cage's.</summary>
internal static class FileEscapes
{
    private static readonly string[] Accounts = ["/etc/shadow", "/etc/ssh/ssh_host_ed25519_key", "/etc/ssl/private"];
    private static readonly string[] Kernel = ["/proc/kcore", "/proc/kmsg", "/dev/kmsg", "/dev/mem", "/proc/kpagecount", "/sys/kernel/debug", "/sys/firmware"];

    public static IReadOnlyList<Escape> All { get; } =
    [
        new("read a file of the server", aims => Shows(aims, aims.File)),
        new("read it through a link", ThroughALink),
        new("read it by /proc of any process", ByProcess),
        new("read home and state folders", aims => Escape.First(aims.Folders.Select(folder => Directory.Exists(folder) && Lists(folder) ? "a folder of the host is there" : null))),
        new("read the machine's accounts and keys", aims => Escape.First(Accounts.Select(path => Opens(path) ? path : null).Append(aims.Accounts is { } known && known == EscapeAims.AccountsHere() ? "the host's accounts" : null))),
        new("read the environment of the server", aims => Escape.First(Processes().Select(process => Shows(aims, $"{process}/environ")))),
        new("read the kernel's memory and log", _ => Escape.First(Kernel.Select(path => Opens(path) ? path : null).Append(Calls.Reaches("syslog", 103, 116, 3, 0, 0)))),
        new("write outside the work folder", Write),
    ];

    private static string? ThroughALink(EscapeAims aims)
    {
        var link = Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/work", $"link-{Guid.NewGuid():N}");
        File.CreateSymbolicLink(link, aims.File);
        return Shows(aims, link);
    }

    private static string? ByProcess(EscapeAims aims) => Escape.First(Processes().SelectMany(process =>
        Entries($"{process}/fd").Append($"{process}/root{aims.File}").Append($"{process}/cwd/..{aims.File}")).Select(path => Shows(aims, path)));

    private static string? Write(EscapeAims aims)
    {
        string[] existing = ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/1/oom_score_adj", "/sys/fs/cgroup/cgroup.procs"];
        string[] folders = ["/", "/app", "/dotnet", "/usr/lib", "/etc", "/dev", "/dev/shm", "/tmp", Path.GetDirectoryName(aims.File)!];
        return Escape.First(folders.Select(folder => Path.Combine(folder, $"escape-{Environment.ProcessId}")).Select(path => Try(() => File.WriteAllText(path, "x")) ? path : null)
            .Concat(existing.Select(path => Try(() => File.OpenWrite(path).Dispose()) ? path : null)));
    }

    private static string? Shows(EscapeAims aims, string path)
    {
        try
        {
            // A pipe would wait for a writer for ever.
            return new FileInfo(path) is { Exists: true } file && (file.UnixFileMode & UnixFileMode.UserRead) != 0 && !Path.GetFullPath(file.ResolveLinkTarget(true)?.FullName ?? path).Contains("pipe:", StringComparison.Ordinal)
                && ReadStart(path).Contains(aims.Canary, StringComparison.Ordinal) ? "the planted word was read" : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    private static string ReadStart(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var bytes = new byte[64 << 10];
        return System.Text.Encoding.Latin1.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    private static bool Opens(string path) => Directory.Exists(path) ? Lists(path) : File.Exists(path) && Try(() =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        file.ReadExactly(new byte[1]); // What is masked by nothing opens, and has nothing.
    });

    private static bool Lists(string folder) => Try(() => Directory.GetFileSystemEntries(folder)) && Directory.GetFileSystemEntries(folder).Length > 0;

    private static IEnumerable<string> Processes() => Entries("/proc").Where(path => path[^1] is >= '0' and <= '9').Append("/proc/self");

    private static string[] Entries(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
