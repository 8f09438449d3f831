using System.Security.Cryptography;
using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace McpInfra.Tools.Git;

/// <summary>A bare copy, in the state folder, of the default branch of a repository that is known by its URL. Fetched by git itself, with no configuration but ours.</summary>
internal sealed class Mirror(RepositorySettings settings, string folder, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR",
    };

    private readonly Lock gate = new();
    private long? fetched;

    /// <summary>Absolute path of the bare git directory.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.Url)))[..24] + ".git");

    /// <summary>Whether a registered URL is one to fetch rather than a path.</summary>
    public static bool IsRemote(string url) => url.Contains("://", StringComparison.Ordinal) || (!System.IO.Path.IsPathFullyQualified(url) && url.Contains(':', StringComparison.Ordinal));

    /// <summary>Fetches when the copy is older than a few seconds; at most two minutes.</summary>
    /// <exception cref="RepositoryException">It cannot be fetched.</exception>
    public void Freshen()
    {
        lock (gate)
        {
            if (fetched is { } before && time.GetElapsedTime(before) < Fresh)
            {
                return;
            }

            // libgit2 cannot be given a deadline for a fetch; a process can.
            using var deadline = new CancellationTokenSource(Deadline, time);
            Task.Run(() => FetchAsync(deadline.Token)).GetAwaiter().GetResult();
            fetched = time.GetTimestamp();
        }
    }

    private async Task FetchAsync(CancellationToken stop)
    {
        var url = Url();
        try
        {
            Directory.CreateDirectory(folder);
            await using var turn = await TurnAsync(stop);
            if (!File.Exists(System.IO.Path.Combine(Path, "HEAD")))
            {
                await GitAsync(["init", "--quiet", "--bare", "--template=", Path], stop);
            }

            var branch = HeadOf(await GitAsync(["ls-remote", "--symref", "--", url, "HEAD"], stop));
            await GitAsync(["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", url, $"+{branch}:{branch}"], stop);
            await GitAsync(["symbolic-ref", "HEAD", branch], stop);
        }
        catch (OperationCanceledException exception)
        {
            throw new RepositoryException($"The repository's URL did not answer within {Deadline.TotalSeconds:0} seconds. Check the network and try again.", exception);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new RepositoryException("A repository known by its URL is fetched by git, and git is not on the server's PATH. Install git, or register a local clone by its path.", exception);
        }
    }

    private string Url() =>
        !Uri.TryCreate(settings.Url, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "file")
            ? throw new RepositoryException("A repository's URL must be https. Use an https URL, or register a local clone by its path.")
            : url.UserInfo.Length > 0 ? throw new RepositoryException("A repository's URL must not hold a credential. Remove it from the configuration and revoke it.")
            : settings.Url;

    // Several servers share the state folder: one fetches at a time.
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

    private static string HeadOf(string listing)
    {
        const string symbolic = "ref: ";
        var line = listing.Split('\n').FirstOrDefault(line => line.StartsWith(symbolic, StringComparison.Ordinal));
        var branch = line?[symbolic.Length..].Split('\t')[0];
        return branch is not null && branch.StartsWith("refs/heads/", StringComparison.Ordinal) && LibGit2Sharp.Reference.IsValidName(branch)
            ? branch
            : throw new RepositoryException("The repository at the URL has no default branch. Commit to it first.");
    }

    private async Task<string> GitAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var result = await Cli.Wrap("git")
            .WithArguments(["-c", "protocol.allow=never", "-c", "protocol.https.allow=always", "-c", "protocol.file.allow=always",
                "-c", "http.followRedirects=false", "-c", "credential.helper=", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false",
                "-c", "gc.autoDetach=false", "-c", "maintenance.autoDetach=false", .. arguments])
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(Environment())
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(stop);
        return result.ExitCode == 0
            ? result.StandardOutput
            : throw new RepositoryException("The repository's URL cannot be fetched without a credential, or redirects elsewhere. Check the URL, or register a local clone by its path.");
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
