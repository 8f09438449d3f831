using System.Text;
using CliWrap;
using McpInfra.Host.Tests.Commands;
using McpInfra.TestKit;
using ModelContextProtocol.Protocol;
using Xunit;

namespace McpInfra.Host.Tests;

public sealed class The_digest_of_policies : IDisposable
{
    private const string Deletes = "---\nid: deletes\nversion: \"2\"\nowner: platform team\nrules: [no-deletes]\n---\nNothing in production is deleted by an agent.\n";
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task Tells_an_agent_and_a_person_who_changed_each_policy_last_and_what_nothing_enforces()
    {
        run.Write("policies/rules.cedar", """@id("no-deletes") forbid (principal, action == Action::"propose_change", resource) when { context.plan.deletes > 0 };""");
        run.Write("policies/deletes.md", Deletes);
        var config = run.Write("mcp-infra.yaml", "organization: acme\npolicies: ./policies\n");
        foreach (var arguments in new string[][] { ["init", "--quiet"], ["add", "."], ["-c", "user.name=Ada\u202e <@all>", "-c", "user.email=a@b", "commit", "--quiet", "--date=2026-03-04T12:00:00Z", "-m", "one"] })
        {
            await Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(run.Work).ExecuteAsync(TestContext.Current.CancellationToken);
        }

        run.Write("policies/names.md", "Names are lower case.\n");
        await using var client = await RealClient.OverStdioAsync(["serve", "--config", config], run.Work, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = run.Home });
        var read = Assert.Single((await client.Client.ReadResourceAsync("infra://policy/digest", cancellationToken: TestContext.Current.CancellationToken)).Contents.OfType<TextResourceContents>()).Text;
        foreach (var said in new[] { "(version 2; owner platform team; enforced by no-deletes)", "## Policy names.md\n\n(nothing enforces it: keep to it yourself)", "tenant: who changed these policies last", "deletes: 2026-03-04 by Ada ", "names.md: in no commit" })
        {
            Assert.Contains(said, read, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("@all", read, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(read), 500, 3199);
        run.Write("policies/deletes.md", Deletes + "Ever.\n");
        Assert.Contains(", and since then without a commit", (await run.RunAsync("policy", "show", "--config", config)).StandardOutput, StringComparison.Ordinal);
    }
}
