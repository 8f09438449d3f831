using McpInfra.Tools.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Git;

public sealed class The_history_of_files : IDisposable
{
    private readonly ScratchRepository scratch = new();

    private FileHistory History => new(Path.Combine(scratch.Root, "policies"));

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Names_commit_author_and_time_of_the_last_change_of_each_and_whether_it_still_is_so()
    {
        var first = scratch.Commit(("policies/a.md", "one"), ("policies/deep/b.md", "two"));
        scratch.Run("config", "user.name", "Ada");
        var second = scratch.Commit(("policies/a.md", "three"), ("other.txt", "x"));
        scratch.Commit(("other.txt", "y"));
        scratch.Write("policies/deep/b.md", "changed and not committed");
        scratch.Write("policies/new.md", "new");
        var changes = History.Of(["a.md", "deep/b.md", "new.md"]);
        Assert.Equal((second, "Ada", true), (changes["a.md"].Commit, changes["a.md"].Author, changes["a.md"].IsCurrent));
        Assert.Equal((first, "Test", false), (changes["deep/b.md"].Commit, changes["deep/b.md"].Author, changes["deep/b.md"].IsCurrent));
        Assert.Equal(2, changes.Count);
    }

    [Fact]
    public void Follows_a_merge_to_whoever_wrote_it_and_new_commits_as_they_come()
    {
        var history = History;
        scratch.Commit(("policies/a.md", "one"));
        Assert.Equal("Test", history.Of(["a.md"])["a.md"].Author);
        scratch.Run("checkout", "--quiet", "-b", "side");
        scratch.Run("config", "user.name", "Ada");
        var side = scratch.Commit(("policies/a.md", "two"));
        scratch.Run("checkout", "--quiet", "main");
        scratch.Run("config", "user.name", "Test");
        scratch.Commit(("other.txt", "x"));
        scratch.Run("merge", "--quiet", "--no-ff", "-m", "merge", "side");
        Assert.Equal((side, "Ada"), (history.Of(["a.md"])["a.md"].Commit, history.Of(["a.md"])["a.md"].Author));
    }

    [Fact]
    public void Is_empty_without_a_commit_or_a_repository()
    {
        Assert.Empty(History.Of(["a.md"]));
        Assert.Empty(new FileHistory(Path.GetTempPath()).Of(["a.md"]));
    }

    [Fact]
    public void Says_that_what_it_found_is_no_repository()
    {
        Directory.Move(Path.Combine(scratch.Root, ".git"), Path.Combine(scratch.Folder, "elsewhere"));
        File.WriteAllText(Path.Combine(scratch.Root, ".git"), "gitdir: ../elsewhere\n");
        Assert.Throws<RepositoryException>(() => History.Of(["a.md"]));
    }
}
