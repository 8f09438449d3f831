using LibGit2Sharp;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Proposals.Forges.Local;

/// <summary>A branch in the repository's own object database, for use without any account. HEAD, index, working tree and default branch stay as they are.</summary>
public sealed class LocalForge : IForge
{
    private const int MostTries = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public ValueTask<bool> HoldsAsync(Git.Repository repository, string baseCommit, Caller caller, CancellationToken stop)
    {
        var head = repository.Base();
        return new(head.Commit == baseCommit || repository.Revision(baseCommit)?.Tree == head.Tree);
    }

    /// <inheritdoc/>
    public async ValueTask<string> OpenAsync(Git.Repository repository, Proposal proposal, Caller caller, CancellationToken stop)
    {
        for (var tried = 1; repository.Git(git => Branch(git, proposal)) is null; tried++)
        {
            if (tried == MostTries)
            {
                throw new ForgeException("Another program holds the lock of the proposal's branch. If none runs, remove its `.lock` file under refs/heads/agent in the git directory, and try again.");
            }

            await Task.Delay(Pause, stop);
        }

        return $"local:{proposal.Id}";
    }

    // Its name; null while another process writes it.
    private static string? Branch(LibGit2Sharp.Repository git, Proposal proposal)
    {
        if (git.Lookup<Tree>(new ObjectId(proposal.Tree)) is not { } tree || git.Lookup<Commit>(new ObjectId(proposal.Base)) is not { } parent)
        {
            throw new ForgeException("The plan's tree or base is no longer in the repository. Plan again.");
        }

        // Everything in the commit comes from the proposal, so that asking twice makes the same commit.
        var author = new Signature("mcp-infra agent", "agent@mcp-infra.invalid", proposal.Time);
        var commit = git.ObjectDatabase.CreateCommit(author, author, proposal.Message, tree, [parent], prettifyMessage: false);
        var name = "refs/heads/" + proposal.Branch;
        if (git.Refs[name] is null)
        {
            try
            {
                git.Refs.Add(name, commit.Id, allowOverwrite: false);
            }
            catch (NameConflictException)
            {
                // Another process asked at the same time; whose branch it is shows below.
            }
            catch (LockedFileException)
            {
                return null;
            }
            catch (LibGit2SharpException exception)
            {
                throw new ForgeException("The branch cannot be created. Check that the repository is writable and has no branch called `agent` or `agent/…` in the way.", exception);
            }
        }

        return (git.Refs[name] as DirectReference)?.TargetIdentifier == commit.Sha
            ? name
            : throw new ForgeException("A branch of the proposal's name is there with other commits. Delete that branch, or plan again.");
    }
}
