using System.Text;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Manifests;
using McpInfra.Guardrails.Policies;
using Xunit;

namespace McpInfra.Guardrails.Tests.Policies;

public sealed class Policies : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly List<Fault> faults = [];

    public void Dispose() => folder.Dispose();

    private Rulebook Read(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.In(name))!);
            File.WriteAllText(folder.In(name), text);
        }

        return Rulebook.Read(folder.Path, faults);
    }

    private static Verdict Check(Tier tier, OperationKind kind, params IReadOnlyList<Target> targets) =>
        new PolicyGuard().CheckAsync(Calls.Call(operation: Calls.Operation(tier: tier, kind: kind), targets: targets), CancellationToken.None).Now();

    [Fact]
    public void Plain_language_policies_are_told_to_the_agent()
    {
        var digest = Read(("tags.md", "Every resource has an owner tag."), ("deep/names.md", "Names are lower case.")).Digest(Calls.Caller());
        Assert.Empty(faults);
        Assert.Contains("## Policy tags.md\n\n(nothing enforces it: keep to it yourself)\nEvery resource has an owner tag.\n", digest, StringComparison.Ordinal);
        Assert.Contains("## Policy deep/names.md", digest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rules.CEDAR")]
    [InlineData("rules.cedar.txt")]
    [InlineData("rules.rego")]
    public void What_cannot_be_evaluated_stops_the_start(string name)
    {
        Read((name, "permit(principal, action, resource);"), ("tags.md", "x"));
        Assert.Contains(name, Assert.Single(faults).File, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_stop_the_start()
    {
        File.WriteAllBytes(folder.In("bad.md"), [0xFF, 0xFE, 0x00]);
        Read();
        Assert.Single(faults);
    }

    [Fact]
    public void A_policy_beyond_the_bound_stops_the_start()
    {
        Read(("big.md", new string('x', 64 * 1024 + 1)));
        Assert.Single(faults);
    }

    [Fact]
    public void A_folder_that_is_not_there_stops_the_start()
    {
        Rulebook.Read(folder.In("none"), faults);
        Assert.Single(faults);
    }

    [Fact]
    public void Any_change_changes_the_version_and_nothing_else_does()
    {
        var versions = new[]
        {
            Rulebook.BuiltIn.Version, Read(("a.md", "x")).Version, Read(("a.md", "xy")).Version, Read(("a.md", "x"), ("b.md", "")).Version, Read(("b.md", "y")).Version,
        };
        Assert.Equal(versions.Length, versions.Distinct().Count());
        Assert.Equal(versions[^1], Read((".gitkeep", "")).Version);
        Assert.Equal(Rulebook.BuiltIn.Version, Rulebook.Read(null, faults).Version);
        Assert.Empty(faults);
    }

    [Fact]
    public void The_digest_says_tier_lists_budgets_and_approvals()
    {
        var digest = Rulebook.BuiltIn.Digest(Calls.Caller(agent: BuiltInAgents.All["remediator"]));
        foreach (var said in new[] { "Tier: draft", "Allowed: *", "2000 calls", "propose_change in prod (1)", "same user, not enforced", Rulebook.BuiltIn.Version[..12] })
        {
            Assert.Contains(said, digest, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_digest_stays_short_and_says_that_it_was_cut()
    {
        var digest = Read(("long.md", string.Join('\n', Enumerable.Repeat("Keep things tidy — always.", 2000)))).Digest(Calls.Caller());
        Assert.InRange(Encoding.UTF8.GetByteCount(digest), 2500, 3199);
        Assert.EndsWith("ask a platform engineer for the rest)\n", digest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Tier.Sandbox)]
    [InlineData(Tier.Production)]
    public void Nothing_runs_above_the_draft_tier(Tier tier) => Assert.Equal(Decision.Deny, Check(tier, OperationKind.Tool, Calls.In("infra")).Decision);

    [Theory]
    [InlineData(OperationKind.Resource)]
    [InlineData(OperationKind.Prompt)]
    [InlineData(OperationKind.Completion)]
    public void Only_tools_do_more_than_read(OperationKind kind)
    {
        Assert.Equal(Decision.Deny, Check(Tier.Recommend, kind).Decision);
        Assert.Equal(Decision.Allow, Check(Tier.Observe, kind).Decision);
    }

    [Fact]
    public void A_draft_changes_exactly_one_registered_repository()
    {
        Assert.Equal(Decision.Deny, Check(Tier.Draft, OperationKind.Tool).Decision);
        Assert.Equal(Decision.Deny, Check(Tier.Draft, OperationKind.Tool, Calls.In(null)).Decision);
        Assert.Equal(Decision.Deny, Check(Tier.Draft, OperationKind.Tool, Calls.In("infra"), Calls.In("other")).Decision);
        Assert.Equal(Decision.Allow, Check(Tier.Draft, OperationKind.Tool, Calls.In("infra"), Calls.In(null), Calls.In("infra")).Decision);
        Assert.Equal(Decision.Allow, Check(Tier.Recommend, OperationKind.Tool).Decision);
    }
}
