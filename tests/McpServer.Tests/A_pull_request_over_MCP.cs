using System.Text;
using CliWrap;
using McpInfra.Host.Tests.Commands;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests;

public sealed class A_pull_request_over_MCP : IDisposable
{
    private const string Code = "resource \"terraform_data\" \"records\" {\n  input = { size = \"one\" }\n}\n";
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task Opens_on_github_from_exactly_the_plan_and_leaves_the_protected_branch_alone()
    {
        Skip.UnlessFound("terraform");
        Skip.UnlessFound("bwrap");
        var stop = TestContext.Current.CancellationToken;
        await using var github = await Emulate.StartAsync(stop);
        var head = await github.FillAsync([("main.tf", "100644", Encoding.UTF8.GetBytes(Code))], stop);
        await github.ProtectAsync(stop);
        run.Write("infra/main.tf", Code);
        await GitAsync("init", "--quiet", "--initial-branch=main");
        await GitAsync("add", "main.tf");
        await GitAsync("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "one");
        var config = run.Write("mcp-infra.yaml", $$"""
            organization: acme
            repositories:
              - name: infra
                url: ./infra
                forge: { kind: github, api: "{{github.Api}}", repository: acme/infra, app: { id: {{Emulate.App}}, key_file: {{github.KeyFile}} } }
                stacks: [ { path: ., environment: staging } ]
            """);

        await using var client = await RealClient.OverStdioAsync(["serve", "--agent", "remediator", "--config", config], run.Work, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = run.Home });
        var planned = await client.CallAsync("plan_change", new { repository = "infra", stack = ".", edits = new[] { new { path = "main.tf", find = "one", replace = "two" } } }, structured: true, stop: stop);
        Assert.False(planned.IsError, planned.Text);
        var plan = planned.Structured!.Value.GetProperty("plan").GetString()!;
        var proposed = await client.CallAsync("propose_change", new { plan, title = "Make records larger", reason = "They grew" }, structured: true, stop: stop);
        Assert.False(proposed.IsError, proposed.Text);
        var again = await client.CallAsync("propose_change", new { plan, title = "Make records larger", reason = "They grew" }, structured: true, stop: stop);
        Assert.Equal(proposed.Structured!.Value.GetProperty("proposal").GetString(), again.Structured!.Value.GetProperty("proposal").GetString());

        var pull = Assert.Single((await github.GetAsync("/repos/acme/infra/pulls?state=all", stop)).AsArray())!;
        var branch = proposed.Structured!.Value.GetProperty("branch").GetString()!;
        Assert.Equal(branch, (string?)pull["head"]!["ref"]);
        Assert.StartsWith("agent/remediator/", branch, StringComparison.Ordinal);
        Assert.Contains(planned.Structured!.Value.GetProperty("digest").GetString()!, (string)pull["body"]!, StringComparison.Ordinal);
        Assert.Equal(Code.Replace("one", "two", StringComparison.Ordinal), await ContentAsync(github, branch, stop));
        Assert.Equal(head, await github.HeadAsync("main", stop));
    }

    private static async Task<string> ContentAsync(Emulate github, string branch, CancellationToken stop) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(((string)(await github.GetAsync($"/repos/acme/infra/contents/main.tf?ref={Uri.EscapeDataString(branch)}", stop))["content"]!).Replace("\n", "", StringComparison.Ordinal)));

    private async Task GitAsync(params string[] arguments) =>
        await Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(Path.Combine(run.Work, "infra")).ExecuteAsync(TestContext.Current.CancellationToken);
}
