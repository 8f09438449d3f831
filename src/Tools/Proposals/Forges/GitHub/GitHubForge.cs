using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Git;
using Octokit;

namespace McpInfra.Tools.Proposals.Forges.GitHub;

/// <summary>
/// GitHub through its Git Data API: blobs, a tree on the base's tree, a commit, a ref of our own, then the pull request. Commits made so are signed by GitHub.
/// The pull request is not a draft, so that owners are asked to review it at once.
/// </summary>
public sealed class GitHubForge(ICredentials credentials) : IForge
{
    private const int MostBlob = 2_000_000;

    /// <inheritdoc/>
    public async ValueTask<bool> HoldsAsync(Git.Repository repository, string baseCommit, Caller caller, CancellationToken stop)
    {
        var remote = await ConnectAsync(repository, CredentialIntent.ReadRepository, caller, stop);
        return await GitHubConnection.AskAsync(async () =>
        {
            var head = await remote.DefaultHeadAsync();
            return head.Sha == baseCommit || (repository.Revision(baseCommit) is { } known && await remote.HasTreeAsync(head.Sha, repository.Files(known.Tree)));
        }, stop);
    }

    /// <inheritdoc/>
    public async ValueTask<string> OpenAsync(Git.Repository repository, Proposal proposal, Caller caller, CancellationToken stop)
    {
        var remote = await ConnectAsync(repository, CredentialIntent.OpenPullRequest, caller, stop);
        return await GitHubConnection.AskAsync(async () =>
        {
            var head = await remote.DefaultHeadAsync();
            var wanted = repository.Files(proposal.Tree);
            if (head.Branch == proposal.Branch)
            {
                throw new ForgeException("The proposal's branch is the forge's default branch, which is never written. Choose another default branch.");
            }

            if (await remote.BranchAsync(proposal.Branch) is not { } branch)
            {
                var known = repository.Revision(proposal.Base) ?? throw new ForgeException("The plan's base is no longer in the repository. Plan again.");
                if (head.Sha != proposal.Base && !await remote.HasTreeAsync(head.Sha, repository.Files(known.Tree)))
                {
                    throw new ForgeException("The forge's default branch has moved since the plan. Plan again.");
                }

                branch = await remote.BranchOffAsync(head.Sha, proposal, Changes(repository, known.Tree, proposal));
            }

            return await remote.HasTreeAsync(branch, wanted)
                ? await remote.PullRequestAsync(proposal, head.Branch)
                : throw new ForgeException("A branch of the proposal's name is on the forge with other content. Delete that branch, or plan again.");
        }, stop);
    }

    private async ValueTask<GitHubRepository> ConnectAsync(Git.Repository repository, CredentialIntent intent, Caller caller, CancellationToken stop)
    {
        var target = new Target { Id = repository.Name, Type = "repository", Repository = repository.Name };
        var credential = await credentials.For(caller, intent, target, stop);
        var client = GitHubConnection.Open(repository.Settings.Forge, credential.Reveal(), AuthenticationType.Bearer, stop);
        return new GitHubRepository(client, repository.Settings.Forge.Repository ?? throw new ForgeException("The forge has no repository. Set `forge.repository` to owner/name in the configuration."));
    }

    private static List<FileChange> Changes(Git.Repository repository, string baseTree, Proposal proposal)
    {
        var files = repository.Files(proposal.Tree).ToDictionary(file => file.Path);
        return [.. from path in repository.Changed(baseTree, proposal.Tree)
                   let file = files.GetValueOrDefault(path)
                   select new FileChange(path, file, file is null ? null : Content(repository, file))];
    }

    private static byte[] Content(Git.Repository repository, TreeFile file) =>
        repository.ReadBlob(file.Blob, MostBlob) ?? throw new ForgeException($"A changed file is larger than {MostBlob} bytes. Plan again with a smaller one.");
}
