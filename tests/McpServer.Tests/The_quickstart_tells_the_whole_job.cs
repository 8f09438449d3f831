using McpInfra.Host.Tests.Commands;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests;

public sealed class The_quickstart_tells_the_whole_job : IDisposable
{
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task On_the_bundled_estate_from_finding_to_proposal_to_a_trail_that_verifies()
    {
        Skip.UnlessFound("terraform");
        Skip.UnlessFound("bwrap");
        var told = await run.RunAsync("quickstart");
        Assert.Equal(0, told.ExitCode);
        foreach (var fact in new[]
        {
            "acme-customer-records", "bucket-unencrypted", "team-payments", "infra/prod/main.tf", "statement-writer", // found, described, traced
            "Denied by tier", "plan_", "module.records.terraform_data.bucket", // refused, planned
            "Denied by approval", "agent/remediator/", "The trail is as it was written", // asked, proposed, verified
        })
        {
            Assert.Contains(fact, told.StandardOutput, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_terraform_and_bubblewrap_it_says_what_mends_that_and_still_exits_0()
    {
        run.Path = run.Work; // Nothing is on it.
        var told = await run.RunAsync("quickstart");
        Assert.Equal(0, told.ExitCode);
        Assert.Contains("terraform", told.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("The trail is as it was written", told.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_ones_own_repository_nothing_is_written_into_it()
    {
        var own = Path.Combine(run.Folder, "own");
        await Git(run.Folder, "init", "--quiet", own);
        await File.WriteAllTextAsync(Path.Combine(own, "main.tf"), "resource \"terraform_data\" \"a\" {\n  input = \"b\"\n}\n", TestContext.Current.CancellationToken);
        await Git(own, "add", "main.tf");
        await Git(own, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "one");
        var before = Snapshot(own);
        var told = await run.RunAsync("quickstart", own);
        Assert.Equal(0, told.ExitCode);
        Assert.Contains("The trail is as it was written", told.StandardOutput, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot(own));
    }

    private static SortedDictionary<string, string> Snapshot(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))),
        StringComparer.Ordinal);

    private static async Task Git(string folder, params string[] arguments) =>
        await CliWrap.Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(folder).ExecuteAsync(TestContext.Current.CancellationToken);
}
