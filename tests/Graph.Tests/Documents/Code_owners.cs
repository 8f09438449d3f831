using McpInfra.Graph.Collectors.Documents;
using Xunit;

namespace McpInfra.Graph.Tests.Documents;

public sealed class Code_owners
{
    private static string? Of(string rules, string path) => CodeOwners.Parse(System.Text.Encoding.UTF8.GetBytes(rules)).Of(path);

    [Theory]
    [InlineData("* @all", "a/b.tf", "@all")]
    [InlineData("*.tf @tf", "a/b.tf", "@tf")]
    [InlineData("*.tf @tf", "a/b.tfvars", null)]
    [InlineData("* @all\n*.tf @tf", "b.tf", "@tf")]
    [InlineData("*.tf @tf\n* @all", "b.tf", "@all")]
    [InlineData("/infra/ @infra", "infra/x/main.tf", "@infra")]
    [InlineData("/infra/ @infra", "a/infra/main.tf", null)]
    [InlineData("infra/ @infra", "a/infra/main.tf", "@infra")]
    [InlineData("infra @infra", "a/infra/main.tf", "@infra")]
    [InlineData("a/infra @infra", "a/infra/main.tf", "@infra")]
    [InlineData("a/infra @infra", "b/a/infra/main.tf", null)]
    [InlineData("docs/* @docs", "docs/x.md", "@docs")]
    [InlineData("docs/* @docs", "docs/deep/x.md", null)]
    [InlineData("**/logs @ops", "a/b/logs/x.tf", "@ops")]
    [InlineData("a/**/z.tf @ops", "a/z.tf", "@ops")]
    [InlineData("a/**/z.tf @ops", "a/b/c/z.tf", "@ops")]
    [InlineData("* @all\n/apps/github", "apps/github/x", null)]
    [InlineData("* @all @other # why", "x", "@all @other")]
    [InlineData("# * @all", "x", null)]
    [InlineData("my\\ file @me", "my file", "@me")]
    [InlineData("[ab].tf @range\n!x @not", "a.tf", null)]
    [InlineData("a.tf @dot", "axtf", null)]
    public void Follow_the_rules_of_GitHub(string rules, string path, string? owner) => Assert.Equal(owner, Of(rules, path));
}
