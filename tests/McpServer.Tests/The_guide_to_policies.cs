using System.Text.RegularExpressions;
using CliWrap;
using McpInfra.Host.Tests.Commands;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests;

/// <summary>Follows docs/policies.md as a stranger would, with the texts that stand in it.</summary>
public sealed partial class The_guide_to_policies : IDisposable
{
    private const string Code = "resource \"terraform_data\" \"db\" {\n  input = \"records\"\n}\n";
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task Leads_to_a_delete_that_is_refused_in_production_and_to_one_that_is_not_elsewhere()
    {
        Skip.UnlessFound("terraform");
        Skip.UnlessFound("bwrap");
        var stop = TestContext.Current.CancellationToken;
        var guide = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "policies.md"), stop);
        run.Write("policies/production.cedar", Block(guide, "cedar"));
        run.Write("policies/production.test.yaml", Block(guide, "yaml", "cases:"));
        run.Write("infra/main.tf", Code);
        await Terraform.Alone(Path.Combine(run.Work, "infra")).ApplyAsync(stop);
        foreach (var arguments in new string[][] { ["init", "--quiet", "--initial-branch=main"], ["add", "main.tf"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "one"] })
        {
            await Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(Path.Combine(run.Work, "infra")).ExecuteAsync(stop);
        }

        var tested = await run.RunAsync("policy", "test", "--config", Configure("prod"));
        Assert.True(tested.IsSuccess, tested.StandardOutput + tested.StandardError);
        var (planned, proposed) = await DeleteAsync("prod", stop);
        Assert.Contains("its proposal would be denied: no-deletes-in-production (production.cedar:1). Keep the resource, or ask the database team", planned.Text, StringComparison.Ordinal);
        Assert.Equal(("policy", "no-deletes-in-production (production.cedar:1)"), (proposed.Guard, (string?)proposed.Denied!["rule"]));

        (_, proposed) = await DeleteAsync("dev", stop);
        Assert.False(proposed.IsError, proposed.Text);
    }

    private async Task<(ToolAnswer Planned, ToolAnswer Proposed)> DeleteAsync(string environment, CancellationToken stop)
    {
        await using var client = await RealClient.OverStdioAsync(["serve", "--agent", "remediator", "--config", Configure(environment)], run.Work, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = run.Home });
        var planned = await client.CallAsync("plan_change", new { repository = "infra", stack = ".", edits = new[] { new { path = "main.tf", content = "# none\n" } } }, stop: stop);
        Assert.False(planned.IsError, planned.Text);
        return (planned, await client.CallAsync("propose_change", new { plan = Plan().Match(planned.Text).Value, title = "Remove the database", reason = "Unused" }, stop: stop));
    }

    private string Configure(string environment) => run.Write("mcp-infra.yaml", $$"""
        organization: acme
        policies: ./policies
        repositories:
          - { name: infra, url: ./infra, forge: { kind: local }, stacks: [ { path: ., environment: {{environment}} } ] }
        """);

    private static string Block(string guide, string language, string start = "") =>
        Regex.Match(guide, $"```{language}\n(\\s*{start}.*?)\n\\s*```", RegexOptions.Singleline).Groups[1].Value is { Length: > 0 } text ? Indent().Replace(text, "") : throw new InvalidOperationException($"The guide has no such block of {language}.");

    [GeneratedRegex("^   ", RegexOptions.Multiline)]
    private static partial Regex Indent();

    [GeneratedRegex("plan_[a-z0-9]+")]
    private static partial Regex Plan();
}
