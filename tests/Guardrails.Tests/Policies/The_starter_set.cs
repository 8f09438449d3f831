using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Manifests;
using McpInfra.Guardrails.Policies;
using McpInfra.Guardrails.Policies.Cases;
using McpInfra.Guardrails.Policies.World;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Guardrails.Tests.Policies;

public sealed class The_starter_set
{
    private static readonly string Folder = Path.Combine(Repository.Root, "manifests", "policies", "starter");

    [Fact]
    public void Holds_against_the_schema_and_decides_as_its_cases_say()
    {
        var faults = new List<Fault>();
        var rulebook = Rulebook.Read(Folder, faults);
        var reader = new PolicyCaseReader("acme", BuiltInAgents.All, faults);
        var test = PolicyTest.Run(rulebook, [.. RulebookFiles.Tests(Folder).SelectMany(reader.Read)]);
        Assert.Empty(faults);
        Assert.Empty(rulebook.Warnings);
        Assert.True(test.Cases > 15);
        Assert.Empty(test.Differences);
        Assert.Empty(test.Unreached);
    }

    [Fact]
    public void A_case_that_differs_is_named_and_what_none_reaches_is_listed()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.In("a.cedar"), """@id("never") forbid (principal, action == Action::"detect_drift", resource) when { resource.environment == "x" };""");
        File.WriteAllText(folder.In("a.test.yaml"), "cases:\n  - { name: wrong, agent: remediator, operation: propose_change, resource: { repository: infra }, expect: deny }\n");
        var faults = new List<Fault>();
        var test = PolicyTest.Run(Rulebook.Read(folder.Path, faults), new PolicyCaseReader("acme", BuiltInAgents.All, faults).Read(folder.In("a.test.yaml")));
        Assert.Empty(faults);
        Assert.Contains("a.test.yaml:2: wrong: expected deny, decided allow", Assert.Single(test.Differences), StringComparison.Ordinal);
        Assert.Contains(test.Unreached, place => place.StartsWith("a.cedar:1", StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_names_the_rule_behind_a_cell()
    {
        var rulebook = Rulebook.Read(Folder, []);
        var table = AccessTable.Of(rulebook, Calls.Caller(agent: BuiltInAgents.All["remediator"] with { Repositories = ["infra"] }), ["prod"], new DateTimeOffset(2026, 11, 18, 10, 0, 0, TimeSpan.Zero));
        Assert.Contains("| propose_change | asks 1: production-wants-a-person", table, StringComparison.Ordinal);
        Assert.Contains("| search_resources | yes", table, StringComparison.Ordinal);
        Assert.Contains("no (tier)", AccessTable.Of(rulebook, Calls.Caller(agent: BuiltInAgents.All["observer"]), ["prod"], DateTimeOffset.UnixEpoch), StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_is_the_published_one() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "manifests", "schema", "infra.cedarschema")), WorldSchema.Text);
}
