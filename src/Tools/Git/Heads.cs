using LibGit2Sharp;

namespace McpInfra.Tools.Git;

/// <summary>Which branch is the default one, and where it is.</summary>
internal static class Heads
{
    private const string Remote = "refs/remotes/origin/";
    private const string Local = "refs/heads/";

    /// <summary>What the remote says its default is, else main, else master, else the branch that is checked out.</summary>
    public static string DefaultBranch(LibGit2Sharp.Repository git)
    {
        if (Target(git, Remote + "HEAD") is { } remote && remote.StartsWith(Remote, StringComparison.Ordinal))
        {
            return remote[Remote.Length..];
        }

        var head = Target(git, "HEAD") is { } target && target.StartsWith(Local, StringComparison.Ordinal) ? target[Local.Length..] : null;
        var candidates = git.Info.IsBare && head is not null ? new string?[] { head, "main", "master" } : ["main", "master", head];
        return candidates.FirstOrDefault(name => name is not null && (git.Refs[Local + name] ?? git.Refs[Remote + name]) is not null)
            ?? throw new RepositoryException("The repository has no commit on a default branch. Commit to `main` first, or set origin's head with `git remote set-head origin --auto`.");
    }

    /// <summary>The default branch's head.</summary>
    public static Commit Default(LibGit2Sharp.Repository git, bool preferRemote)
    {
        var name = DefaultBranch(git);
        var places = preferRemote ? new[] { Remote, Local } : [Local, Remote];
        return places.Select(place => git.Refs[place + name]?.ResolveToDirectReference()?.TargetIdentifier).FirstOrDefault(id => id is not null) is { } id
            && git.Lookup(new ObjectId(id), ObjectType.Commit) is Commit commit
                ? commit
                : throw new RepositoryException("The default branch has no commit that can be read. Fetch it, then try again.");
    }

    private static string? Target(LibGit2Sharp.Repository git, string name) => (git.Refs[name] as SymbolicReference)?.TargetIdentifier;
}
