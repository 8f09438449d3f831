using System.Net;
using System.Text.Json;
using McpInfra.Tools.Git;
using Octokit;

namespace McpInfra.Tools.Proposals.Forges.GitHub;

/// <summary>One file that a proposal changes; no file means that it is deleted.</summary>
internal sealed record FileChange(string Path, TreeFile? File, byte[]? Content);

/// <summary>One repository on GitHub, by the few requests that a proposal needs.</summary>
internal sealed class GitHubRepository(GitHubClient client, string fullName)
{
    private readonly string owner = fullName.Split('/')[0];
    private readonly string name = fullName.Split('/')[^1];

    /// <summary>The default branch and its head.</summary>
    public async Task<(string Branch, string Sha)> DefaultHeadAsync()
    {
        var branch = (await client.Repository.Get(owner, name)).DefaultBranch;
        return (branch, (await client.Repository.Branch.Get(owner, name, branch)).Commit.Sha);
    }

    /// <summary>The head of a branch; null when there is no such branch.</summary>
    public async Task<string?> BranchAsync(string branch)
    {
        try
        {
            return (await client.Repository.Branch.Get(owner, name, branch)).Commit.Sha;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether a commit's tree holds exactly these files: path, mode and blob.</summary>
    public async Task<bool> HasTreeAsync(string commit, IReadOnlyList<TreeFile> files)
    {
        var tree = await client.Git.Tree.GetRecursive(owner, name, commit);
        if (tree.Truncated)
        {
            throw new ForgeException("The repository has more files than the forge lists at once. Fetch and plan again, so that the commit itself can be compared.");
        }

        return tree.Tree.Where(item => item.Type.Value is not TreeType.Tree).Select(item => (item.Path, item.Mode, item.Sha)).ToHashSet()
            .SetEquals(files.Select(file => (file.Path, file.Mode, file.Blob)));
    }

    /// <summary>Makes the commit on the parent and our branch at it; returns where the branch is then. Another process may have been first.</summary>
    public async Task<string> BranchOffAsync(string parent, Proposal proposal, IReadOnlyList<FileChange> changes)
    {
        var tree = await TreeAsync((await client.Git.Commit.Get(owner, name, parent)).Tree.Sha, changes);
        var commit = await client.Git.Commit.Create(owner, name, new NewCommit(proposal.Message, tree, parent));
        try
        {
            await client.Git.Reference.Create(owner, name, new NewReference("refs/heads/" + proposal.Branch, commit.Sha));
            return commit.Sha;
        }
        catch (ApiException exception) when (exception.StatusCode is HttpStatusCode.UnprocessableEntity)
        {
            if (await BranchAsync(proposal.Branch) is { } other)
            {
                return other;
            }

            throw;
        }
    }

    /// <summary>The pull request of our branch with its labels, opened if there is none.</summary>
    public async Task<string> PullRequestAsync(Proposal proposal, string defaultBranch)
    {
        var request = await FindAsync(proposal) ?? await CreateAsync(proposal, defaultBranch);
        if (proposal.Labels.Count > 0)
        {
            // One that the repository lacks is made; one that is on it already stays once.
            await client.Issue.Labels.AddToIssue(owner, name, request.Number, [.. proposal.Labels]);
        }

        return request.HtmlUrl;
    }

    private async Task<string> TreeAsync(string baseTree, IReadOnlyList<FileChange> changes)
    {
        var items = new List<object>();
        foreach (var change in changes)
        {
            if (change is { File: { } file, Content: { } content })
            {
                var blob = await client.Git.Blob.Create(owner, name, new NewBlob { Content = Convert.ToBase64String(content), Encoding = EncodingType.Base64 });
                items.Add(new { path = change.Path, mode = file.Mode, type = "blob", sha = (string?)blob.Sha });
            }
            else
            {
                items.Add(new { path = change.Path, mode = "100644", type = "blob", sha = (string?)null });
            }
        }

        // Octokit's own request leaves out a null sha, which is what deletes a file.
        var body = JsonSerializer.Serialize(new { base_tree = baseTree, tree = items });
        var made = await client.Connection.Post<TreeResponse>(ApiUrls.Tree(owner, name), body, "application/vnd.github+json", "application/json");
        return made.Body.Sha;
    }

    private async Task<PullRequest?> FindAsync(Proposal proposal)
    {
        var asked = new PullRequestRequest { State = ItemStateFilter.All, Head = $"{owner}:{proposal.Branch}" };
        var found = await client.PullRequest.GetAllForRepository(owner, name, asked, new ApiOptions { PageCount = 1, PageSize = 10 });
        return found.FirstOrDefault(request => request.Head.Ref == proposal.Branch);
    }

    private async Task<PullRequest> CreateAsync(Proposal proposal, string defaultBranch)
    {
        try
        {
            return await client.PullRequest.Create(owner, name, new NewPullRequest(proposal.Title, proposal.Branch, defaultBranch) { Body = proposal.Body, MaintainerCanModify = true });
        }
        catch (ApiException exception) when (exception.StatusCode is HttpStatusCode.UnprocessableEntity)
        {
            if (await FindAsync(proposal) is { } other)
            {
                return other;
            }

            throw;
        }
    }
}
