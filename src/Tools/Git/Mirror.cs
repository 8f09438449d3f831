namespace McpInfra.Tools.Git;

/// <summary>A bare copy of the default branch of a repository that is known by its URL.</summary>
internal sealed class Mirror(RepositorySettings settings, string folder, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly BareCopy copy = new(settings.Url, folder, time);
    private readonly Lock gate = new();
    private long? fetched;

    /// <summary>Absolute path of the bare git directory.</summary>
    public string Path => copy.Path;

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
            Task.Run(FetchAsync).GetAwaiter().GetResult();
            fetched = time.GetTimestamp();
        }
    }

    private Task<string> FetchAsync() => copy.UseAsync(
        async git =>
        {
            var branch = HeadOf(await git(["ls-remote", "--symref", "--", settings.Url, "HEAD"]));
            await git(["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", settings.Url, $"+{branch}:{branch}"]);
            return await git(["symbolic-ref", "HEAD", branch]);
        },
        CancellationToken.None);

    private static string HeadOf(string listing)
    {
        const string symbolic = "ref: ";
        var line = listing.Split('\n').FirstOrDefault(line => line.StartsWith(symbolic, StringComparison.Ordinal));
        var branch = line?[symbolic.Length..].Split('\t')[0];
        return branch is not null && branch.StartsWith("refs/heads/", StringComparison.Ordinal) && LibGit2Sharp.Reference.IsValidName(branch)
            ? branch
            : throw new RepositoryException("The repository at the URL has no default branch. Commit to it first.");
    }
}
