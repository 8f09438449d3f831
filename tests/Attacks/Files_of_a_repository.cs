using LibGit2Sharp;
using McpInfra.Guardrails;
using McpInfra.Storage;
using McpInfra.TestKit;
using McpInfra.Tools;
using McpInfra.Tools.Git;
using McpInfra.Tools.Proposals;
using Xunit;

namespace McpInfra.Attacks;

/// <summary>CVE-2026-4270, GHSA-4rm9-rfp2-j39q, GHSA-hjm5-xgj8-vwj6: paths, segments and options that led out of what was allowed.</summary>
public sealed class Files_of_a_repository : IDisposable
{
    private const string Outside = "outside-canary-7431";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mcp-infra-files-");
    private readonly Operation read;

    public Files_of_a_repository()
    {
        var work = Path.Combine(folder.FullName, "infra");
        Directory.CreateDirectory(work);
        File.WriteAllText(Path.Combine(folder.FullName, "outside.txt"), Outside);
        File.WriteAllText(Path.Combine(work, "main.tf"), "resource \"terraform_data\" \"a\" {}\n");
        File.WriteAllText(Path.Combine(work, "terraform.tfstate"), $"{{\"x\":\"{Outside}\"}}");
        File.WriteAllText(Path.Combine(work, ".env"), $"KEY={Outside}\n");
        File.CreateSymbolicLink(Path.Combine(work, "link.txt"), "../outside.txt");
        File.CreateSymbolicLink(Path.Combine(work, "up"), "..");
        LibGit2Sharp.Repository.Init(work);
        using (var repository = new LibGit2Sharp.Repository(work))
        {
            Commands.Stage(repository, "*");
            var author = new Signature("a", "a@example.com", DateTimeOffset.UnixEpoch);
            repository.Commit("first", author, author);
            repository.Config.Set("user.secret", Outside);
        }

        var settings = new RepositorySettings("infra", work, new ForgeSettings("local"), [new StackSettings(".")]);
        var repositories = new Repositories([settings], "acme", folder.FullName, TimeProvider.System);
        var proposals = new ProposalStore(Database.OpenSqlite(Path.Combine(folder.FullName, "proposals.db"), ProposalStore.Schema));
        read = ToolOperation.From<ReadRepository, ReadRepository.Args>(new ReadRepository(repositories, proposals));
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            file.Attributes = FileAttributes.Normal;
        }

        folder.Delete(recursive: true);
    }

    public static TheoryData<string> Paths =>
    [
        "../outside.txt", "modules/../../outside.txt", "./../outside.txt", "/etc/passwd", "//etc/passwd", "~/.ssh/id_rsa", "C:\\Windows\\win.ini", "C:/Windows/win.ini", "..\\outside.txt", "\\\\host\\share\\x",
        ".git/config", ".GIT/config", ".git./config", "git~1/config", ".git\u200c/config", "main.tf\u0000.txt", "file:///etc/passwd", "..%2foutside.txt", "%2e%2e/outside.txt",
        "CON", "aux.tf", "main.tf::$DATA", "main.tf:stream", "terraform.tfstate", "TERRAFORM.TFSTATE", ".env", ".EnV", "id_rsa", "keys/server.pem",
    ];

    [Theory, MemberData(nameof(Paths))]
    public async Task A_path_that_could_leave_or_holds_secrets_is_refused_before_anything_is_read(string path)
    {
        await using var governed = await Governed.ServeAsync([read]);
        foreach (var reference in new[] { null, "worktree" })
        {
            var answer = await governed.Client.CallAsync("read_repository", reference is null ? new { repository = "infra", path } : new { repository = "infra", path, @ref = reference });
            Assert.DoesNotContain(Outside, answer.Text, StringComparison.Ordinal);
            Assert.True(answer.IsError, answer.Text);
            if (answer.Denied is not null)
            {
                Assert.Contains(answer.Guard, (string[])["targets", "bind", "injection"]);
                Assert.DoesNotContain(path, answer.Text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("link.txt")]
    [InlineData("up/outside.txt")]
    [InlineData("up")]
    public async Task A_link_is_never_followed(string path)
    {
        await using var governed = await Governed.ServeAsync([read]);
        foreach (var reference in new[] { "worktree", "master", "main" })
        {
            var answer = await governed.Client.CallAsync("read_repository", new { repository = "infra", path, @ref = reference });
            Assert.DoesNotContain(Outside, answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("../infra")]
    [InlineData("infra/../infra")]
    [InlineData("INFRA")]
    [InlineData("infra%2f..")]
    [InlineData("http://169.254.169.254/latest/meta-data/iam/security-credentials/")]
    [InlineData("http://[::ffff:a9fe:a9fe]/")]
    [InlineData("http://2852039166/")]
    [InlineData("file:///etc")]
    [InlineData("ext::sh -c touch% /tmp/pwned")]
    [InlineData("--upload-pack=touch /tmp/pwned")]
    [InlineData("-oProxyCommand=sh")]
    public async Task Only_the_exact_name_of_a_registered_repository_is_one(string repository)
    {
        await using var governed = await Governed.ServeAsync([read]);
        var answer = await governed.Client.CallAsync("read_repository", new { repository });
        governed.Refused(answer, "targets");
        Assert.DoesNotContain(repository, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--upload-pack=touch /tmp/pwned")]
    [InlineData("-v")]
    [InlineData("HEAD~1")]
    [InlineData("refs/../config")]
    [InlineData("$(touch /tmp/pwned)")]
    [InlineData("main; touch /tmp/pwned")]
    public async Task A_ref_is_the_default_branch_the_working_tree_or_a_proposal(string reference)
    {
        await using var governed = await Governed.ServeAsync([read]);
        var answer = await governed.Client.CallAsync("read_repository", new { repository = "infra", path = "main.tf", @ref = reference });
        Assert.True(answer.IsError);
        Assert.DoesNotContain("terraform_data", answer.Text, StringComparison.Ordinal);
        Assert.False(File.Exists("/tmp/pwned"));
    }

    [Fact]
    public async Task What_is_allowed_is_read_as_framed_text_of_the_tenant()
    {
        await using var governed = await Governed.ServeAsync([read]);
        var answer = await governed.Client.CallAsync("read_repository", new { repository = "infra", path = "main.tf" });
        Assert.Matches(@"<<untrusted \w{13,} tenant: ", answer.Text);
    }
}
