using System.Security.Cryptography;
using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace McpInfra.Tools.Git;

/// <summary>
/// A bare copy, in the state folder, of some of what lies at a URL. Fetched by git itself, with no configuration but ours: no credential, hook, redirect or other protocol; what lies at https it reaches through us.
/// One process uses it at a time.
/// </summary>
/// <param name="url">https, or file.</param>
/// <param name="folder">Where copies lie.</param>
/// <param name="time">The clock.</param>
/// <param name="access">How https is reached; null for without a login.</param>
internal sealed class BareCopy(string url, string folder, TimeProvider time, GitAccess? access = null)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR",
    };

    /// <summary>Absolute path of the bare git directory.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))[..24] + ".git");

    /// <summary>Works on the copy, made if it was not there; at most two minutes.</summary>
    /// <param name="work">Runs git with arguments, and answers.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="RepositoryException">The URL is none that is fetched, or git failed.</exception>
    public async Task<T> UseAsync<T>(Func<Func<IReadOnlyList<string>, Task<string>>, Task<T>> work, CancellationToken stop)
    {
        Check();
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            Directory.CreateDirectory(folder);
            await using var turn = await TurnAsync(until.Token);
            await using var door = url.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? GitDoor.Open(url, access ?? new GitAccess()) : null;
            if (!File.Exists(System.IO.Path.Combine(Path, "HEAD")))
            {
                await GitAsync(["init", "--quiet", "--bare", "--template=", Path], door, until.Token);
            }

            return await work(arguments => GitAsync(arguments, door, until.Token));
        }
        catch (OperationCanceledException exception) when (!stop.IsCancellationRequested)
        {
            throw new RepositoryException($"The repository's URL did not answer within {Deadline.TotalSeconds:0} seconds. Check the network and try again.", exception);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new RepositoryException("A repository known by its URL is fetched by git, and git is not on the server's PATH. Install git, or register a local clone by its path.", exception);
        }
    }

    private void Check()
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("https" or "file"))
        {
            throw new RepositoryException("A repository's URL must be https. Use an https URL, or register a local clone by its path.");
        }

        if (parsed.UserInfo.Length > 0)
        {
            throw new RepositoryException("A repository's URL must not hold a credential. Remove it from the configuration and revoke it.");
        }
    }

    // Several servers share the state folder.
    private async Task<FileStream> TurnAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, stop);
            }
        }
    }

    private async Task<string> GitAsync(IReadOnlyList<string> arguments, GitDoor? door, CancellationToken stop)
    {
        IEnumerable<string> way = door is null ? ["-c", "protocol.file.allow=always"] : ["-c", "protocol.http.allow=always", "-c", $"url.{door.Url}.insteadOf={url}", "-c", "http.proxy="];
        var result = await Cli.Wrap("git")
            .WithArguments(["-c", "protocol.allow=never", .. way, "-c", "http.followRedirects=false", "-c", "credential.helper=", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
                "-c", "gc.autoDetach=false", "-c", "maintenance.autoDetach=false", .. arguments])
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(Environment())
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(stop);
        return result.ExitCode == 0
            ? result.StandardOutput
            : throw new RepositoryException(door?.Fault is { } fault
                ? $"The repository's URL {fault}. Check the URL, or register a local clone by its path."
                : "The repository's URL cannot be fetched, or wants a credential. Check the URL, or register a local clone by its path.");
    }

    private Dictionary<string, string?> Environment()
    {
        var variables = new Dictionary<string, string?>();
        foreach (string name in System.Environment.GetEnvironmentVariables().Keys)
        {
            if (!Kept.Contains(name))
            {
                variables[name] = null;
            }
        }

        variables["GIT_DIR"] = Path;
        variables["GIT_CONFIG_NOSYSTEM"] = "1";
        variables["GIT_CONFIG_GLOBAL"] = "/dev/null";
        variables["GIT_TERMINAL_PROMPT"] = "0";
        variables["GIT_ASKPASS"] = "";
        variables["HOME"] = folder;
        variables["LC_ALL"] = "C";
        return variables;
    }
}
