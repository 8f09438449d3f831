using Xunit.Sdk;

namespace McpInfra.TestKit;

/// <summary>Skips a test by name where a machine lacks what it needs; with CI set the runner makes that a failure.</summary>
public static class Skip
{
    /// <summary>The program's path.</summary>
    public static string UnlessFound(string program)
    {
        var name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pyenv", "shims"));
        return folders.Where(f => f.Length > 0).Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists)
            ?? throw Because($"{program} is not installed");
    }

    /// <summary>The exception that skips.</summary>
    public static Exception Because(string reason) => SkipException.ForSkip(reason);
}
