using Xunit.Sdk;

namespace McpInfra.TestKit;

/// <summary>Skips a test by name where a machine lacks what it needs; with CI set the runner makes that a failure.</summary>
public static class Skip
{
    // Debian keeps PostgreSQL's programs off the PATH.
    private const string Postgres = "/usr/lib/postgresql";

    /// <summary>The program's path; skips where it is not installed.</summary>
    public static string UnlessFound(string program) => Find(program) ?? throw Because($"{program} is not installed");

    /// <summary>The program's path; null where it is not installed.</summary>
    public static string? Find(string program)
    {
        var name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pyenv", "shims"))
            .Concat(Directory.Exists(Postgres) ? Directory.GetDirectories(Postgres).OrderDescending().Select(version => Path.Combine(version, "bin")) : []);
        return folders.Where(f => f.Length > 0).Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>The exception that skips.</summary>
    public static Exception Because(string reason) => SkipException.ForSkip(reason);
}
