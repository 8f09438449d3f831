using System.Text;
using McpInfra.Graph.Correlation;
using McpInfra.Tools.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Git;

public sealed class A_repository : IDisposable
{
    private readonly ScratchRepository scratch = new(("main.tf", "resource \"a\" \"b\" {}\n"), ("modules/vpc/vpc.tf", "one\ntwo\n"), ("run.sh", "echo\n"));

    private string Text(string tree, string path) =>
        scratch.Open().Find(tree, RepositoryPath.TryParse(path, out _)) is TreeNode.Leaf { File: var file } ? Encoding.UTF8.GetString(scratch.Open().ReadBlob(file.Blob, 1000)!) : throw new FileNotFoundException(path);

    [Fact]
    public void Reads_the_head_of_its_default_branch()
    {
        var repository = scratch.Open();
        Assert.Equal("main", repository.DefaultBranch);
        Assert.Equal(new Revision(scratch.Run("rev-parse", "main").Trim(), scratch.Run("rev-parse", "main^{tree}").Trim()), repository.Base());
        Assert.Equal(scratch.Root, repository.WorktreeRoot);
    }

    [Fact]
    public void Keeps_its_default_branch_when_another_is_checked_out()
    {
        var before = scratch.Open().Base();
        scratch.Run("switch", "--quiet", "-c", "feature");
        scratch.Commit(("main.tf", "other\n"));
        Assert.Equal(before, scratch.Open().Base());
    }

    [Fact]
    public void Takes_the_remotes_word_for_its_default_branch()
    {
        scratch.Run("branch", "trunk");
        scratch.Run("update-ref", "refs/remotes/origin/trunk", "HEAD");
        scratch.Run("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk");
        Assert.Equal("trunk", scratch.Open().DefaultBranch);
    }

    [Fact]
    public void Lists_every_file_with_mode_blob_and_size()
    {
        scratch.Run("update-index", "--chmod=+x", "run.sh");
        scratch.Commit(("z.tf", "z"));
        var listed = scratch.Open().Files(scratch.Open().Base().Tree).Select(file => $"{file.Mode} blob {file.Blob} {file.Size,7}\t{file.Path}");
        Assert.Equal(scratch.Run("ls-tree", "-r", "-l", "HEAD").Split('\n', StringSplitOptions.RemoveEmptyEntries), listed);
    }

    [Fact]
    public void Applies_edits_to_a_tree_and_moves_nothing_else()
    {
        var repository = scratch.Open();
        var before = scratch.Run("for-each-ref") + scratch.Run("status", "--porcelain");
        var edited = repository.Apply(repository.Base().Tree,
            [new("main.tf", Find: "\"b\"", Replace: "\"c\""), new("modules/vpc/vpc.tf", Delete: true), new("new/deep/file.tf", Content: "new\n"), new("main.tf", Find: "{}", Replace: "{ }")]);
        Assert.Null(edited.Fault);
        Assert.Equal(["main.tf", "modules/vpc/vpc.tf", "new/deep/file.tf"], edited.Files);
        Assert.Equal("resource \"a\" \"c\" { }\n", Text(edited.Tree, "main.tf"));
        Assert.Equal("main.tf\nnew/deep/file.tf\nrun.sh\n", scratch.Run("ls-tree", "-r", "--name-only", edited.Tree));
        Assert.Equal(edited.Files, repository.Changed(repository.Base().Tree, edited.Tree));
        Assert.Equal(before, scratch.Run("for-each-ref") + scratch.Run("status", "--porcelain"));
        Assert.Empty(scratch.Run("fsck", "--strict", "--no-dangling"));
    }

    [Fact]
    public void Keeps_the_mode_of_what_it_edits()
    {
        scratch.Run("update-index", "--chmod=+x", "run.sh");
        scratch.Run("commit", "--quiet", "-m", "mode");
        var repository = scratch.Open();
        var edited = repository.Apply(repository.Base().Tree, [new("run.sh", Content: "other\n")]);
        Assert.StartsWith("100755", scratch.Run("ls-tree", edited.Tree, "run.sh"), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_edits_to_the_same_text_change_nothing()
    {
        var head = scratch.Open().Base();
        var edited = scratch.Open().Apply(head.Tree, [new("main.tf", Content: "resource \"a\" \"b\" {}\n")]);
        Assert.Equal((head.Tree, 0), (edited.Tree, edited.Files.Count));
    }

    [Theory]
    [InlineData("main.tf", "absent", null, "`find` does not occur")]
    [InlineData("modules/vpc/vpc.tf", "o", 2, "more than once, at lines 1 and 2")]
    [InlineData("missing.tf", "x", null, "there is no such file")]
    [InlineData("modules", "x", null, "the path is a folder")]
    [InlineData("main.tf/x", "x", null, "the path passes through a file")]
    [InlineData("../main.tf", "x", null, "`..`")]
    [InlineData(".env", "x", null, "secrets")]
    public void Names_the_edit_that_does_not_apply_with_its_line(string path, string find, int? line, string message)
    {
        var fault = scratch.Open().Apply(scratch.Open().Base().Tree, [new("run.sh", Content: "changed"), new(path, Find: find, Replace: "y")]).Fault;
        Assert.NotNull(fault);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal((path, line), (fault.Path, fault.Line));
    }

    [Theory]
    [InlineData("MAIN.tf")]
    [InlineData("Modules/x.tf")]
    public void Refuses_a_new_name_that_differs_only_in_case(string path) =>
        Assert.Contains("only in case", scratch.Open().Apply(scratch.Open().Base().Tree, [new(path, Content: "x")]).Fault!.Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_edits_of_two_forms_and_of_none()
    {
        var repository = scratch.Open();
        Assert.All<Edit>(
            [new("a.tf"), new("a.tf", Content: "x", Delete: true), new("a.tf", Find: "x"), new("a.tf", Delete: false), new("a.tf", Content: "x", Replace: "y")],
            edit => Assert.Contains("an edit is", repository.Apply(repository.Base().Tree, [edit]).Fault!.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Finds_text_across_windows_line_ends_and_keeps_them()
    {
        scratch.Run("config", "core.autocrlf", "false");
        scratch.Commit(("w.tf", "one\r\ntwo\r\nthree\r\n"));
        var repository = scratch.Open();
        Assert.Equal("one\r\nzwei\r\ndrei\r\n", Text(repository.Apply(repository.Base().Tree, [new("w.tf", Find: "two\nthree", Replace: "zwei\ndrei")]).Tree, "w.tf"));
    }

    [Fact]
    public void Reads_no_blob_above_the_cap()
    {
        var file = scratch.Open().Files(scratch.Open().Base().Tree)[0];
        Assert.Null(scratch.Open().ReadBlob(file.Blob, (int)file.Size - 1));
        Assert.Equal(file.Size, scratch.Open().ReadBlob(file.Blob, (int)file.Size)!.Length);
    }

    [Fact]
    public void Takes_tracked_files_of_the_worktree_and_no_others()
    {
        scratch.Write("main.tf", "edited\n");
        scratch.Write("untracked.tf", "untracked\n");
        File.Delete(Path.Combine(scratch.Root, "run.sh"));
        var tree = scratch.Open().WorktreeTree();
        Assert.Equal("edited\n", Text(tree, "main.tf"));
        Assert.Equal("main.tf\nmodules/vpc/vpc.tf\n", scratch.Run("ls-tree", "-r", "--name-only", tree));
        Assert.Equal(" M main.tf\n D run.sh\n?? untracked.tf\n", scratch.Run("status", "--porcelain"));
    }

    [Fact]
    public void Lists_a_path_with_a_backslash_and_neither_reads_nor_writes_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file can have such a name");
        scratch.Commit(("notes\\old.tf", "one\n"), ("more\\..\\x/main.tf", "two\n"));
        scratch.Write("notes\\old.tf", "edited\n");
        var repository = scratch.Open();
        var files = repository.Files(repository.Base().Tree);
        Assert.Equal(["more\\..\\x/main.tf", "notes\\old.tf"], files.Where(file => file.IsUnportable).Select(file => file.Path));
        Assert.DoesNotContain(files, file => file.IsUnportable && file.IsPlain);
        Assert.Contains(files, file => file is { Path: "main.tf", IsPlain: true });
        Assert.Equal(repository.Base().Tree, repository.WorktreeTree());
        Assert.NotNull(repository.Apply(repository.Base().Tree, [new("notes\\old.tf", Content: "x")]).Fault);
    }

    [Fact]
    public void Sees_no_edit_in_a_checkout_with_windows_line_ends()
    {
        scratch.Write("modules/vpc/vpc.tf", "one\r\ntwo\r\n");
        Assert.Equal(scratch.Open().Base().Tree, scratch.Open().WorktreeTree());
    }

    [Fact]
    public void Opens_a_bare_repository_and_a_linked_worktree()
    {
        var head = scratch.Open().Base();
        var bare = Path.Combine(scratch.Folder, "bare.git");
        scratch.Run("clone", "--quiet", "--bare", scratch.Root, bare);
        var linked = Path.Combine(scratch.Folder, "linked");
        scratch.Run("worktree", "add", "--quiet", "-b", "side", linked);
        File.WriteAllText(Path.Combine(linked, "main.tf"), "linked\n");
        Repository At(string path) => new Repositories([scratch.Settings with { Url = path }], "acme", scratch.Folder, TimeProvider.System).Find("infra")!;
        Assert.Equal((head, null), (At(bare).Base(), At(bare).WorktreeRoot));
        Assert.Equal((head, linked), (At(linked).Base(), At(linked).WorktreeRoot));
        Assert.Equal("linked\n", Text(At(linked).WorktreeTree(), "main.tf"));
        Assert.Throws<RepositoryException>(() => At(bare).WorktreeTree());
    }

    [Fact]
    public void Mirrors_a_url_without_its_worktree()
    {
        var repositories = new Repositories([scratch.Settings with { Url = new Uri(scratch.Root).AbsoluteUri }], "acme", Path.Combine(scratch.Folder, "state"), TimeProvider.System);
        var mirrored = repositories.Find("infra")!;
        Assert.Equal(scratch.Open().Base(), mirrored.Base());
        Assert.Null(mirrored.WorktreeRoot);
        Assert.Equal("main", mirrored.DefaultBranch);
        Assert.Equal("one\ntwo\n", Encoding.UTF8.GetString(((ICodeSource)repositories).Read("infra", path => path.EndsWith("vpc.tf", StringComparison.Ordinal)).Files["modules/vpc/vpc.tf"]));
    }

    [Theory]
    [InlineData("http://127.0.0.1/x.git", "https")]
    [InlineData("https://user:secret@127.0.0.1/x.git", "credential")]
    [InlineData("ext::sh -c touch% /tmp/pwned", "https")]
    [InlineData("ssh://-oProxyCommand=x/y", "https")]
    [InlineData("git@example.invalid:x.git", "https")]
    public void Fetches_only_from_https_without_a_credential(string url, string word)
    {
        var repository = new Repositories([scratch.Settings with { Url = url }], "acme", Path.Combine(scratch.Folder, "state"), TimeProvider.System).Find("infra")!;
        var fault = Assert.Throws<RepositoryException>(() => repository.Base());
        Assert.Contains(word, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_mends_a_path_that_is_no_repository_and_one_without_a_commit()
    {
        var empty = new ScratchRepository();
        Assert.Contains("Commit to `main`", Assert.Throws<RepositoryException>(() => empty.Open().Base()).Message, StringComparison.Ordinal);
        var nothing = new Repositories([scratch.Settings with { Url = scratch.Folder }], "acme", scratch.Folder, TimeProvider.System).Find("infra")!;
        Assert.Contains("git init", Assert.Throws<RepositoryException>(() => nothing.Base()).Message, StringComparison.Ordinal);
        empty.Dispose();
    }

    [Fact]
    public void Gives_the_graph_its_code_without_what_is_withheld()
    {
        scratch.Commit((".env", "SECRET=1"), ("terraform.tfstate", "{}"), ("a.tf", "a"));
        var code = ((ICodeSource)scratch.Registry()).Read("infra", _ => true);
        Assert.Equal(["a.tf", "main.tf", "modules/vpc/vpc.tf", "run.sh"], code.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(scratch.Open().Base().Commit, code.Version);
    }

    public void Dispose() => scratch.Dispose();
}
