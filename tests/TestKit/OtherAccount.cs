using System.Diagnostics;
using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace McpInfra.TestKit;

/// <summary>The account without rights that the set-up makes where it may, with a home of its own for the time of a test and a copy of this build that it may read.</summary>
public sealed class OtherAccount : IDisposable
{
    private const string Name = "mcp-infra-tests";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mcp-infra-account-");

    private OtherAccount()
    {
    }

    /// <summary>A folder that is its own.</summary>
    public string Home => Path.Combine(folder.FullName, "home");

    /// <summary>The built mcp-infra, as it may read it.</summary>
    public string Executable => Path.Combine(folder.FullName, "app", "mcp-infra");

    /// <summary>Makes its home; skips where there is no such account or it cannot be become.</summary>
    public static async Task<OtherAccount> ReadyAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can become another account");
        var id = await Cli.Wrap("id").WithArguments(Name).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.SkipUnless(id.ExitCode == 0, $"there is no account {Name}");
        var account = new OtherAccount();
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(account.folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        var app = Path.GetDirectoryName(account.Executable)!;
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Concat(Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runtimes"), "*", SearchOption.AllDirectories).Where(file => file.Contains("linux-", StringComparison.Ordinal))))
        {
            var copy = Path.Combine(app, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await Cli.Wrap("install").WithArguments(["-d", "-m", "700", "-o", Name, account.Home, Path.Combine(account.Home, "run")]).ExecuteAsync();
        return account;
    }

    /// <summary>A program as this account starts it, with nothing of this process's environment.</summary>
    public ProcessStartInfo Start(IEnumerable<string> arguments) => new("runuser", Arguments(arguments)) { WorkingDirectory = Home };

    /// <summary>Runs a program of its to the end.</summary>
    public async Task<BufferedCommandResult> RunAsync(params string[] arguments) =>
        await Cli.Wrap("runuser").WithArguments(Arguments(arguments)).WithWorkingDirectory(Home).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();

    /// <summary>Writes a file into its home, for it to read and change.</summary>
    public async Task WriteAsync(string path, string text) => await Cli.Wrap("runuser").WithArguments(Arguments(["sh", "-c", $"mkdir -p \"$(dirname {path})\" && cat > {path}"])).WithWorkingDirectory(Home).WithStandardInputPipe(PipeSource.FromString(text)).ExecuteAsync();

    /// <summary>Removes all of it.</summary>
    public void Dispose() => folder.Delete(recursive: true);

    private IEnumerable<string> Arguments(IEnumerable<string> arguments) =>
        ["-u", Name, "--", "env", "-i", $"HOME={Home}", $"XDG_RUNTIME_DIR={Home}/run", $"TMPDIR={Home}/run", "PATH=/usr/local/bin:/usr/bin:/bin", .. arguments];
}
