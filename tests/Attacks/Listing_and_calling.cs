using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Attacks;

/// <summary>CVE-2026-46519 and microsoft/mcp#2226: what a list hid could still be called.</summary>
public sealed class Listing_and_calling
{
    private static readonly string[] Names = ["search_resources", "read_repository", "plan_change", "propose_change", "delete_bucket"];

    private static readonly Operation[] Operations =
    [
        .. Names.Select((name, index) => TestOperations.Of<TestOperations.NoArgs>(name, (_, _, _) => new(Answer.Own("ran")), index switch { 2 => Tier.Recommend, 3 => Tier.Draft, 4 => Tier.Production, _ => Tier.Observe })),
    ];

    public static TheoryData<string> Agents => ["observer", "planner", "remediator"];

    [Theory, MemberData(nameof(Agents))]
    public async Task Every_operation_that_is_not_listed_is_refused(string type)
    {
        var agent = BuiltInAgents.All[type] with { Deny = ["read_*"] };
        await using var governed = await Governed.ServeAsync(Operations, agent);
        var listed = await governed.Client.ToolsAsync();
        Assert.Contains("search_resources", listed);
        Assert.DoesNotContain("read_repository", listed);
        Assert.DoesNotContain("delete_bucket", listed);
        foreach (var hidden in Names.Except(listed))
        {
            governed.Refused(await governed.Client.CallAsync(hidden), hidden == "read_repository" ? "allowlist" : "tier");
        }
    }

    [Theory]
    [InlineData("Search_Resources")]
    [InlineData("search_resources ")]
    [InlineData("search_resources\u0000")]
    [InlineData("*")]
    [InlineData("approvals_approve")]
    [InlineData("approve")]
    [InlineData("")]
    public async Task A_name_that_is_nearly_one_is_none(string name)
    {
        await using var governed = await Governed.ServeAsync(Operations);
        governed.Refused(await governed.Client.CallAsync(name), "allowlist");
    }
}
