using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>What other systems and people's mistakes leave in a tree, planned by the real terraform.</summary>
public sealed class Files_that_are_spelled_oddly
{
    private const string Bucket = "resource \"terraform_data\" \"bucket\" {\n  input = \"plain\"\n}\n";

    [Fact]
    public async Task With_a_byte_order_mark_carriage_returns_and_folders_named_like_code_are_planned()
    {
        using var site = await Site.OpenAsync(("main.tf", "\uFEFF" + Bucket.Replace("\n", "\r\n", StringComparison.Ordinal)), ("more.tf/data.tf", "(("), (".tf/data.tf", "(("));
        Assert.Equal([("terraform_data.bucket", "create")], (await site.PlannedAsync()).Changes.Select(change => (change.Address, change.Action)));
    }

    [Fact]
    public async Task With_a_name_that_is_not_UTF8_are_planned()
    {
        using var site = await Site.OpenAsync(("main.tf", "# nothing\n"));
        await CommitAsync(site, ([.. "a"u8, 0xFE, .. ".tf"u8], Bucket));
        Assert.Equal(["terraform_data.bucket"], (await site.PlannedAsync()).Changes.Select(change => change.Address));
    }

    [Fact]
    public async Task With_two_such_names_that_read_alike_are_refused_before_one_is_checked_and_the_other_run()
    {
        using var site = await Site.OpenAsync(("main.tf", "# nothing\n"));
        await CommitAsync(site, ([.. "a"u8, 0xFE, .. ".tf"u8], Bucket), ([.. "a"u8, 0xFF, .. ".tf"u8], "data \"external\" \"x\" {\n  program = [\"id\"]\n}\n"));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains("two files must not have the same name", answer.Text(), StringComparison.Ordinal);
    }

    // `git mktree` takes names of any bytes, which a path of .NET cannot hold.
    private static async Task CommitAsync(Site site, params (byte[] Name, string Text)[] files)
    {
        byte[] tree = [];
        foreach (var (name, text) in files)
        {
            var blob = await GitAsync(site, Encoding.UTF8.GetBytes(text), "hash-object", "-w", "--stdin");
            tree = [.. tree, .. Encoding.ASCII.GetBytes($"100644 blob {blob}\t"), .. name, 0];
        }

        var commit = await GitAsync(site, [], "commit-tree", "-m", "odd", await GitAsync(site, tree, "mktree", "-z"));
        await GitAsync(site, [], "update-ref", "refs/heads/main", commit);
    }

    private static async Task<string> GitAsync(Site site, byte[] input, params string[] arguments) =>
        (await Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(site.Scratch.Root).WithStandardInputPipe(PipeSource.FromBytes(input)).ExecuteBufferedAsync(TestContext.Current.CancellationToken)).StandardOutput.Trim();
}
