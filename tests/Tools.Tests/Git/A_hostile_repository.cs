using System.Text;
using CliWrap;
using McpInfra.Graph.Correlation;
using McpInfra.Storage;
using McpInfra.Tools.Git;
using McpInfra.Tools.Proposals;
using Xunit;

namespace McpInfra.Tools.Tests.Git;

public sealed class A_hostile_repository : IDisposable
{
    private readonly ScratchRepository scratch = new(("main.tf", "one\n"), ("folder/inner.tf", "two\n"), (".gitattributes", "* filter=evil diff=evil merge=evil text eol=lf\n"));

    private string Witness => Path.Combine(scratch.Folder, "witness");

    private void Plant()
    {
        var program = $"touch '{Witness}'";
        foreach (var key in new[] { "core.fsmonitor", "core.sshCommand", "core.editor", "core.pager", "core.askPass", "core.gitProxy", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command", "merge.evil.driver", "credential.helper", "gpg.program", "uploadpack.packObjectsHook", "alias.status", "diff.external", "sequence.editor" })
        {
            scratch.Run("config", key, program);
        }

        scratch.Run("config", "core.hooksPath", Path.Combine(scratch.Root, "folder"));
        scratch.Run("config", "filter.evil.required", "true");
        scratch.Run("config", "commit.gpgsign", "true");
    }

    private void AssertNothingRan() => Assert.False(File.Exists(Witness), "a planted program ran");

    [Fact]
    public void Has_none_of_its_programs_run_by_any_reading_or_writing()
    {
        scratch.Write("main.tf", "edited\n");
        Plant();
        var repository = scratch.Open();
        var head = repository.Base();
        _ = repository.DefaultBranch;
        Assert.Equal(3, repository.Files(head.Tree).Count);
        var worktree = repository.WorktreeTree();
        var edited = repository.Apply(worktree, [new("main.tf", Find: "edited", Replace: "again"), new("new.tf", Content: "x\n")]);
        Assert.Equal(["main.tf", "new.tf"], repository.Changed(head.Tree, edited.Tree));
        Assert.Equal(3, ((ICodeSource)scratch.Registry()).Read("infra", _ => true).Files.Count);
        AssertNothingRan();
        _ = Record.Exception(() => scratch.Run("status"));
        Assert.True(File.Exists(Witness), "git itself runs what was planted, so that this test could fail");
    }

    [Fact]
    public void Stores_bytes_as_they_are_whatever_filters_it_names()
    {
        scratch.Write("main.tf", "edited\r\nkept\n");
        Plant();
        var repository = scratch.Open();
        var file = Assert.IsType<TreeNode.Leaf>(repository.Find(repository.WorktreeTree(), RepositoryPath.TryParse("main.tf", out _))).File;
        Assert.Equal("edited\r\nkept\n", Encoding.UTF8.GetString(repository.ReadBlob(file.Blob, 100)!));
        AssertNothingRan();
    }

    [Fact]
    public void Does_not_choose_its_own_worktree()
    {
        var elsewhere = Path.Combine(scratch.Folder, "elsewhere");
        Directory.CreateDirectory(elsewhere);
        File.WriteAllText(Path.Combine(elsewhere, "main.tf"), "stolen\n");
        scratch.Run("config", "core.worktree", elsewhere);
        Assert.Equal(scratch.Root, scratch.Open().WorktreeRoot);
        Assert.Equal(scratch.Open().Base().Tree, scratch.Open().WorktreeTree());
    }

    [Theory]
    [InlineData("main.tf")]
    [InlineData("folder")]
    public void Has_no_link_of_its_worktree_followed(string path)
    {
        var target = Path.Combine(scratch.Folder, "outside");
        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "inner.tf"), "secret\n");
        var full = Path.Combine(scratch.Root, path);
        if (Directory.Exists(full))
        {
            Directory.Delete(full, recursive: true);
            Directory.CreateSymbolicLink(full, target);
        }
        else
        {
            File.Delete(full);
            File.CreateSymbolicLink(full, Path.Combine(target, "inner.tf"));
        }

        Assert.Contains("link", Assert.Throws<RepositoryException>(() => scratch.Open().WorktreeTree()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cannot_make_us_wait_on_a_pipe()
    {
        var path = Path.Combine(scratch.Root, "main.tf");
        File.Delete(path);
        await Cli.Wrap("mkfifo").WithArguments([path]).ExecuteAsync();
        Assert.Contains("ordinary file", Assert.Throws<RepositoryException>(() => scratch.Open().WorktreeTree()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_no_link_of_its_tree_followed()
    {
        File.CreateSymbolicLink(Path.Combine(scratch.Root, "link.tf"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(scratch.Root, "linked"), "folder");
        scratch.Run("add", "link.tf", "linked");
        scratch.Run("commit", "--quiet", "-m", "links");
        var repository = scratch.Open();
        Assert.Contains("symbolic link", repository.Apply(repository.Base().Tree, [new("link.tf", Content: "x")]).Fault!.Message, StringComparison.Ordinal);
        Assert.Contains("symbolic link", repository.Apply(repository.Base().Tree, [new("linked/new.tf", Content: "x")]).Fault!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("link.tf", ((ICodeSource)scratch.Registry()).Read("infra", _ => true).Files.Keys);
        Assert.Contains("not followed", await ReadAsync("link.tf"), StringComparison.Ordinal);
        Assert.Contains("not followed", await ReadAsync("linked/inner.tf"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".git")]
    [InlineData(".GIT")]
    [InlineData("git~1")]
    [InlineData(".g\u200cit")]
    public async Task Is_not_exported_when_its_tree_holds_a_name_that_leaves_it(string name)
    {
        var blob = scratch.Run("rev-parse", "HEAD:main.tf").Trim();
        var tree = await MakeTreeAsync($"100644 blob {blob}\t{name}\0");
        Assert.Throws<RepositoryException>(() => scratch.Open().Files(tree));
        Assert.Empty(Assert.IsType<TreeNode.Folder>(scratch.Open().Find(tree, null)).Files);
    }

    [Fact]
    public void Is_not_opened_in_place_of_the_registered_one()
    {
        // A git directory within a linked worktree's own, which a library that looks for `.git` takes.
        var linked = Path.Combine(scratch.Folder, "linked");
        scratch.Run("worktree", "add", "--quiet", "-b", "side", linked);
        scratch.RunIn(scratch.Folder, "clone", "--quiet", scratch.Root, "other");
        Directory.Move(Path.Combine(scratch.Folder, "other", ".git"), Path.Combine(scratch.Root, ".git", "worktrees", "linked", ".git"));
        Assert.Contains("Another git directory", Assert.Throws<RepositoryException>(() => At(linked).Base()).Message, StringComparison.Ordinal);

        // A bare one that is content of a working tree: neither it nor its folder is a way in.
        scratch.Run("clone", "--quiet", "--bare", scratch.Root, Path.Combine(scratch.Root, "folder", "planted"));
        Assert.Contains("neither a git working tree", Assert.Throws<RepositoryException>(() => At(Path.Combine(scratch.Root, "folder")).Base()).Message, StringComparison.Ordinal);
        Assert.Equal(Path.Combine(scratch.Root, ".git"), scratch.Open().GitPath);
    }

    private Repository At(string path) => new Repositories([scratch.Settings with { Url = path }], "acme", scratch.Folder, TimeProvider.System).Find("infra")!;

    [Fact]
    public void Does_not_send_us_elsewhere_by_its_git_file_or_link()
    {
        var elsewhere = new ScratchRepository(("secret.tf", "secret\n"));
        var pointing = Path.Combine(scratch.Folder, "pointing");
        Directory.CreateDirectory(pointing);
        File.WriteAllText(Path.Combine(pointing, ".git"), $"gitdir: {Path.Combine(elsewhere.Root, ".git")}\n");
        var linking = Path.Combine(scratch.Folder, "linking");
        Directory.CreateDirectory(linking);
        Directory.CreateSymbolicLink(Path.Combine(linking, ".git"), Path.Combine(elsewhere.Root, ".git"));
        foreach (var path in new[] { pointing, linking })
        {
            Assert.Contains("The registered path", Assert.Throws<RepositoryException>(() => At(path).Base()).Message, StringComparison.Ordinal);
        }

        elsewhere.Dispose();
    }

    [Fact]
    public void Is_refused_when_half_of_it_is_there()
    {
        scratch.Run("config", "core.sparseCheckout", "true");
        Assert.Contains("sparse", Assert.Throws<RepositoryException>(() => scratch.Open().WorktreeTree()).Message, StringComparison.Ordinal);
        scratch.Run("config", "core.sparseCheckout", "false");
        foreach (var blob in Directory.EnumerateFiles(Path.Combine(scratch.Root, ".git", "objects"), "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(blob, FileAttributes.Normal);
            File.WriteAllText(blob, "garbage");
        }

        Assert.Contains("git fsck", Assert.Throws<RepositoryException>(() => scratch.Open().Base()).Message, StringComparison.Ordinal);
    }

    private async Task<string> ReadAsync(string path)
    {
        var tool = new ReadRepository(scratch.Registry(), new ProposalStore(Database.OpenSqlite(Path.Combine(scratch.Folder, "state.db"), ProposalStore.Schema)));
        var args = new ReadRepository.Args("infra", path);
        return (await tool.RunAsync(args, Calls.Of(tool, args), CancellationToken.None)).Text();
    }

    private async Task<string> MakeTreeAsync(string entry)
    {
        // `git mktree` takes any name; `git add` would not.
        var made = new StringBuilder();
        await Cli.Wrap("git").WithArguments(["mktree", "-z"]).WithWorkingDirectory(scratch.Root)
            .WithStandardInputPipe(PipeSource.FromString(entry, new UTF8Encoding(false))).WithStandardOutputPipe(PipeTarget.ToStringBuilder(made)).ExecuteAsync();
        return made.ToString().Trim();
    }

    public void Dispose() => scratch.Dispose();
}
