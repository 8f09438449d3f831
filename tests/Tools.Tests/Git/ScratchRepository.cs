using CliWrap;
using CliWrap.Buffered;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Tests.Git;

/// <summary>A real repository in a temporary folder, made by git itself and removed at the end.</summary>
internal sealed class ScratchRepository : IDisposable
{
    public ScratchRepository(params IReadOnlyList<(string Path, string Text)> files)
    {
        Directory.CreateDirectory(Root);
        Run("init", "--quiet", "--initial-branch=main");
        Run("config", "user.name", "Test");
        Run("config", "user.email", "test@example.invalid");
        Run("config", "commit.gpgsign", "false");
        if (files.Count > 0)
        {
            Commit(files);
        }
    }

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "mcp-infra-git-" + Guid.NewGuid().ToString("N"));

    public string Root => Path.Combine(Folder, "repository");

    public RepositorySettings Settings => new("infra", Root, new ForgeSettings("local"), []);

    public Repository Open() => Registry().Find("infra")!;

    public Repositories Registry() => new([Settings], "acme", Path.Combine(Folder, "state"), TimeProvider.System);

    public string Commit(params IReadOnlyList<(string Path, string Text)> files)
    {
        foreach (var (path, text) in files)
        {
            Write(path, text);
            Run("add", "--force", "--", path);
        }

        Run("commit", "--quiet", "--no-verify", "-m", "files");
        return Run("rev-parse", "HEAD").Trim();
    }

    public void Write(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public string Run(params IReadOnlyList<string> arguments) => RunIn(Root, arguments);

    public string RunIn(string folder, params IReadOnlyList<string> arguments)
    {
        var result = Task.Run(() => Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(folder)
            .WithEnvironmentVariables(variables => variables.Set("GIT_CONFIG_NOSYSTEM", "1").Set("GIT_CONFIG_GLOBAL", "/dev/null"))
            .ExecuteBufferedAsync().Task).GetAwaiter().GetResult();
        return result.StandardOutput;
    }

    public void Dispose()
    {
        foreach (var file in new DirectoryInfo(Folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            file.IsReadOnly = false;
        }

        Directory.Delete(Folder, recursive: true);
    }
}
