using System.Text;
using McpInfra.Guardrails;
using McpInfra.Storage;
using McpInfra.Tools.Git;
using McpInfra.Tools.Proposals;
using Xunit;

namespace McpInfra.Tools.Tests.Git;

public sealed class Read_repository : IDisposable
{
    private readonly ScratchRepository scratch = new(
        ("main.tf", string.Join('\n', Enumerable.Range(1, 3000).Select(number => $"line {number}")) + "\n"),
        ("modules/vpc/vpc.tf", "resource \"aws_vpc\" \"MAIN\" {\n}\n"), ("image.bin", "PNG\0\u0001"), (".env", "TOKEN=hunter2-main\n"), ("empty.tf", ""), ("long.tf", new string('x', 5000) + "\nend\n"));

    private ReadRepository Tool() => new(scratch.Registry(), new ProposalStore(Database.OpenSqlite(Path.Combine(scratch.Folder, "state.db"), ProposalStore.Schema)));

    private async Task<Answer> Read(ReadRepository.Args args) => await Tool().RunAsync(args, Calls.Of(Tool(), args), CancellationToken.None);

    private async Task<Resolution> Targets(ReadRepository.Args args, Caller? caller = null) => await Tool().TargetsAsync(args, caller ?? Calls.Caller(), CancellationToken.None);

    [Theory]
    [InlineData(null)]
    [InlineData(".")]
    public async Task Lists_a_folder_with_its_folders_first(string? path)
    {
        var answer = await Read(new("infra", path));
        Assert.Equal("modules/\n.env  (withheld)\nempty.tf  0\nimage.bin  5\nlong.tf  5005\nmain.tf  " + new FileInfo(Path.Combine(scratch.Root, "main.tf")).Length + "\n", answer.Parts[1].Text);
        Assert.Equal([Trust.Own, Trust.Tenant], answer.Parts.Select(part => part.Trust));
        Assert.Contains(scratch.Open().Base().Commit[..12], answer.Parts[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_the_lines_asked_for_with_their_numbers()
    {
        var answer = await Read(new("infra", "main.tf", Lines: "10-12"));
        Assert.Equal("main.tf\n10| line 10\n11| line 11\n12| line 12\n", answer.Parts[1].Text);
        Assert.Contains("lines 10 to 12 of 3000", answer.Parts[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_a_long_file_so_that_every_line_is_shown_once()
    {
        var shown = new StringBuilder();
        string? cursor = null;
        do
        {
            var answer = await Read(new("infra", "main.tf", Cursor: cursor));
            Assert.False(answer.IsFault);
            Assert.True(Encoding.UTF8.GetByteCount(answer.Text()) <= 8000);
            shown.Append(answer.Parts[1].Text["main.tf\n".Length..]);
            cursor = answer.Structured!["cursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Range(1, 3000).Select(number => $"{number}| line {number}"), shown.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Refuses_a_cursor_of_another_query_and_one_past_the_end()
    {
        var cursor = (await Read(new("infra", "main.tf"))).Structured!["cursor"]!.GetValue<string>();
        Assert.True((await Read(new("infra", "long.tf", Cursor: cursor))).IsFault);
        Assert.True((await Read(new("infra", "main.tf", Cursor: "9999999" + cursor[cursor.IndexOf('-', StringComparison.Ordinal)..]))).IsFault);
        Assert.True((await Read(new("infra", "main.tf", Cursor: "nonsense"))).IsFault);
        scratch.Commit(("new.tf", "x"));
        Assert.True((await Read(new("infra", "main.tf", Cursor: cursor))).IsFault);
    }

    [Fact]
    public async Task Finds_lines_in_any_case_and_never_in_what_is_withheld()
    {
        var answer = await Read(new("infra", Search: "main"));
        Assert.Equal("modules/vpc/vpc.tf:1: resource \"aws_vpc\" \"MAIN\" {\n", answer.Parts[1].Text);
        Assert.DoesNotContain("hunter2", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("no line holds the text", (await Read(new("infra", "main.tf", Search: "MAIN"))).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_a_binary_file_without_showing_it()
    {
        var answer = await Read(new("infra", "image.bin"));
        Assert.Contains("binary", answer.Parts[0].Text, StringComparison.Ordinal);
        Assert.Equal("image.bin", answer.Parts[1].Text);
    }

    [Fact]
    public async Task Cuts_long_lines_and_says_so()
    {
        var answer = await Read(new("infra", "long.tf"));
        Assert.Contains("are cut", answer.Parts[0].Text, StringComparison.Ordinal);
        Assert.EndsWith("2| end\n", answer.Parts[1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0-3")]
    [InlineData("5-2")]
    [InlineData("4000")]
    [InlineData("-")]
    [InlineData("1-2-3")]
    [InlineData("99999999999")]
    public async Task Refuses_lines_that_are_none(string lines) => Assert.True((await Read(new("infra", "main.tf", Lines: lines))).IsFault);

    [Theory]
    [InlineData("3000", "3000| line 3000\n")]
    [InlineData("2999-", "2999| line 2999\n3000| line 3000\n")]
    [InlineData("3000-99999", "3000| line 3000\n")]
    public async Task Takes_one_line_and_open_ranges(string lines, string text) =>
        Assert.Equal("main.tf\n" + text, (await Read(new("infra", "main.tf", Lines: lines))).Parts[1].Text);

    [Fact]
    public async Task Reads_the_worktree_and_the_default_branch_apart()
    {
        scratch.Write("empty.tf", "edited\n");
        Assert.Contains("1| edited", (await Read(new("infra", "empty.tf", Ref: "worktree"))).Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("edited", (await Read(new("infra", "empty.tf", Ref: "main"))).Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("feature")]
    [InlineData("--upload-pack=touch")]
    [InlineData("main~1")]
    [InlineData("refs/heads/feature")]
    [InlineData("agent/x/y/z")]
    [InlineData("")]
    public async Task Reads_no_other_ref(string reference)
    {
        scratch.Run("branch", "feature");
        scratch.Run("branch", "agent/x/y/z");
        var answer = await Read(new("infra", "main.tf", Ref: reference));
        Assert.True(answer.IsFault);
        Assert.All(answer.Parts, part => Assert.Equal(Trust.Own, part.Trust));
        Assert.DoesNotContain("line 1", answer.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData(".git/config")]
    [InlineData("modules/../.git/config")]
    [InlineData("//main.tf")]
    [InlineData(".//main.tf")]
    [InlineData(".env")]
    [InlineData("terraform.tfstate")]
    [InlineData("keys/id_rsa")]
    [InlineData(".terraform/providers/x")]
    public async Task Refuses_by_targets_what_leaves_the_repository_or_holds_secrets(string path)
    {
        var resolution = await Targets(new("infra", path));
        Assert.NotNull(resolution.Rule);
        Assert.DoesNotContain(path, resolution.Rule + resolution.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_an_unregistered_repository_and_names_the_callers_own()
    {
        var resolution = await Targets(new("evil/../infra"));
        Assert.Equal(("the repository is not registered", "Use one of infra"), (resolution.Rule, resolution.Remedy));
        Assert.DoesNotContain("infra", (await Targets(new("x"), Calls.Caller(repositories: ["other"]))).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_the_repository_as_its_target() =>
        Assert.Equal(("repository", "infra", "infra"), (await Targets(new("infra", "main.tf"))).Targets.Select(target => (target.Type, target.Id, target.Repository)).Single());

    public void Dispose() => scratch.Dispose();
}
