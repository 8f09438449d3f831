using McpInfra.Guardrails.Manifests;
using McpInfra.Guardrails.Policies;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Guardrails.Tests.Policies;

public sealed class Rules_of_an_operator : IDisposable
{
    private const string NoDeletes = """
        @id("no-deletes-in-production")
        @remedy("Keep the resource, or ask the database team")
        forbid (principal, action == Action::"propose_change", resource)
        when { resource.environment == "prod" && context.plan.deletes > 0 };
        """;

    private readonly ScratchFolder folder = new();
    private readonly List<Fault> faults = [];
    private readonly MemoryTrail trail = new();

    public void Dispose() => folder.Dispose();

    private PoliciesInForce InForce(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
        {
            File.WriteAllText(folder.In(name), text);
        }

        var rulebook = Rulebook.Read(folder.Path, faults);
        Assert.Empty(faults);
        return new PoliciesInForce(rulebook);
    }

    private static Target Plan(string environment = "prod", long deletes = 0, PlanFacts? facts = null) =>
        Calls.In("infra", environment) with { Plan = facts ?? new PlanFacts { Deletes = deletes } };

    private Verdict Check(string cedar, Call call) => Check(InForce(("rules.cedar", cedar)), call);

    private Verdict Check(PoliciesInForce policies, Call call) => new PolicyGuard(policies, trail, TimeProvider.System).CheckAsync(call, CancellationToken.None).Now();

    [Fact]
    public void A_forbid_refuses_by_name_and_line_with_its_remedy()
    {
        var verdict = Check(NoDeletes, Calls.Call(targets: Plan(deletes: 1)));
        Assert.Equal((Decision.Deny, "policy", "no-deletes-in-production (rules.cedar:1)", "Keep the resource, or ask the database team", Severity.Block), (verdict.Decision, verdict.Guard, verdict.Rule, verdict.Remedy, verdict.Severity));
    }

    [Theory]
    [InlineData("dev", 1)]
    [InlineData("prod", 0)]
    public void What_no_forbid_matches_is_left_to_the_manifests(string environment, long deletes) =>
        Assert.Equal(Decision.Allow, Check(NoDeletes, Calls.Call(targets: Plan(environment, deletes))).Decision);

    [Fact]
    public void The_environment_is_compared_in_lower_case() =>
        Assert.Equal(Decision.Deny, Check(NoDeletes, Calls.Call(targets: Plan("PROD", deletes: 1))).Decision);

    [Fact]
    public void One_target_of_many_is_enough_to_refuse()
    {
        const string rule = """forbid (principal, action, resource in Environment::"prod");""";
        var operation = Calls.Operation("describe_resource", Tier.Observe);
        Assert.Equal(Decision.Deny, Check(rule, Calls.Call(operation: operation, targets: [Calls.In(null, "dev", "AWS::EC2::VPC", "vpc-1"), Calls.In(null, "prod", "AWS::EC2::VPC", "vpc-2")])).Decision);
        Assert.Equal(Decision.Allow, Check(rule, Calls.Call(operation: operation, targets: [Calls.In(null, "dev", "AWS::EC2::VPC", "vpc-1")])).Decision);
    }

    [Fact]
    public void Once_a_permit_is_written_what_none_permits_is_denied()
    {
        const string rules = """permit (principal == Agent::"remediator", action in Action::"observe", resource);""";
        Assert.Equal(Decision.Allow, Check(rules, Calls.Call(operation: Calls.Operation("search_resources", Tier.Observe))).Decision);
        var refused = Check(rules, Calls.Call(targets: Plan()));
        Assert.Equal((Decision.Deny, "no rule permits it"), (refused.Decision, refused.Rule));
    }

    [Theory]
    [InlineData("""permit (principal, action == Action::"propose_change", resource) when { 9223372036854775807 + context.plan.deletes > 0 };""")]
    [InlineData("""forbid (principal, action == Action::"propose_change", resource) when { 9223372036854775807 + context.plan.deletes > 0 };""")]
    [InlineData("""@severity("audit") forbid (principal, action in Action::"draft", resource) when { 9223372036854775807 + context.plan.deletes > 0 };""")]
    [InlineData("""permit (principal, action, resource); permit (principal, action in Action::"draft", resource) when { 9223372036854775807 + context.plan.deletes > 0 };""")]
    public void A_rule_that_cannot_be_evaluated_denies(string rules)
    {
        var verdict = Check(rules, Calls.Call(targets: Plan(deletes: 1)));
        Assert.Equal(Decision.Deny, verdict.Decision);
        Assert.Contains("could not be evaluated", verdict.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Escalate_asks_as_many_people_as_the_strictest_rule_wants()
    {
        var verdict = Check(
            """
            @id("one") @severity("escalate") forbid (principal, action, resource);
            @id("two") @severity("escalate") @people("2") @remedy("Ask the on-call") forbid (principal, action, resource);
            """, Calls.Call(targets: Plan()));
        Assert.Equal((Decision.Ask, 2, "Ask the on-call"), (verdict.Decision, verdict.People, verdict.Remedy));
        Assert.Contains("one (rules.cedar:1), two (rules.cedar:2)", verdict.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Block_wins_over_every_milder_rule_and_any_permit() =>
        Assert.Equal(Decision.Deny, Check(
            """
            permit (principal, action, resource);
            @severity("escalate") forbid (principal, action, resource);
            @severity("warn") forbid (principal, action, resource);
            forbid (principal, action, resource);
            """, Calls.Call(targets: Plan())).Decision);

    [Theory]
    [InlineData("""permit (principal, action, resource); @severity("warn") forbid (principal, action, resource);""", Decision.Allow)]
    [InlineData("""permit (principal == Agent::"other", action, resource); @severity("warn") forbid (principal, action, resource);""", Decision.Deny)]
    public void A_rule_that_only_warns_needs_a_permit_beside_it_all_the_same(string rules, Decision expected) =>
        Assert.Equal(expected, Check(rules, Calls.Call(targets: Plan())).Decision);

    [Fact]
    public void Warn_and_audit_allow_and_are_recorded_with_facts()
    {
        var verdict = Check("""@id("big") @severity("audit") @label("big-change") forbid (principal, action in Action::"draft", resource) when { context.plan.deletes > 0 };""", Calls.Call(targets: Plan(deletes: 3)));
        Assert.Equal((Decision.Allow, Severity.Audit), (verdict.Decision, verdict.Severity));
        Assert.Equal("big-change", Assert.Single(verdict.Notices).Label);
        var entry = Assert.Single(trail.Records, record => record.Entry.Operation == "policy notice").Entry;
        Assert.Contains("\"Deletes\":3", entry.Arguments!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_is_told_with_the_answer()
    {
        var harness = new Harness { Input = [new PolicyGuard(InForce(("w.cedar", """@id("careful") @severity("warn") @remedy("Look twice") forbid (principal, action, resource);""")), trail, TimeProvider.System)] };
        var outcome = await harness.CallAsync();
        Assert.Equal("**Warned by policy**: careful (w.cedar:1). Look twice.", outcome.Answer!.Parts[0].Text);
        Assert.Equal(1, harness.Runs);
    }

    [Fact]
    public void A_permit_cannot_undo_what_is_built_in()
    {
        const string all = "permit (principal, action, resource);";
        Assert.Equal(Decision.Deny, Check(all, Calls.Call(operation: Calls.Operation(tier: Tier.Production), targets: Plan())).Decision);
        Assert.Equal(Decision.Deny, Check(all, Calls.Call()).Decision);
    }

    [Fact]
    public void Rules_see_arguments_session_person_and_mode()
    {
        var session = new Session("s9", DateTimeOffset.UnixEpoch);
        session.Flag("call_1");
        session.NoteRead("other");
        const string rule = """
            @id("all") forbid (principal in Organization::"acme", action == Action::"propose_change", resource is Plan in Repository::"infra") when {
              context.arguments.title like "*now*" && context.session.flagged && context.session.repositories.contains("other")
              && context has person && context.person == Person::"ada" && !context.enforced && context.now > datetime("2026-01-01") && context.hour >= 0
              && ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].contains(context.weekday)
              && principal.tier == 2 && resource.repository == "infra" && context.plan.types.contains("aws_db_instance") && context.plan has costDelta && context.plan.costDelta.greaterThan(decimal("10.5"))
            };
            """;
        var call = Calls.Call(Calls.Caller(session: session), arguments: """{"plan":"plan_1","title":"do it now"}""", targets: Plan(facts: new() { Types = ["aws_db_instance"], CostDelta = 10.6m }));
        Assert.StartsWith("all", Check(rule, call).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_is_tried_decides_nothing_and_its_difference_is_recorded()
    {
        var policies = InForce(("rules.cedar", "permit (principal, action, resource);"));
        using var tried = new ScratchFolder();
        File.WriteAllText(tried.In("rules.cedar"), NoDeletes);
        policies.Next = Rulebook.Read(tried.Path, faults);
        Assert.Equal(Decision.Allow, Check(policies, Calls.Call(targets: Plan(deletes: 1))).Decision);
        Assert.Equal(Decision.Allow, Check(policies, Calls.Call(targets: Plan(deletes: 0))).Decision);
        var entry = Assert.Single(trail.Records, record => record.Entry.Operation == "policy difference").Entry;
        Assert.Contains("\"nextDecision\":\"deny\"", entry.Arguments!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "holds no policy")]
    [InlineData("// nothing yet\n", "holds no policy")]
    [InlineData("forbid (principal, action, resource);\nforbid (principal, action", "")]
    [InlineData("@id(\"a\") forbid (principal, action, resource);\n@id(\"a\") forbid (principal, action, resource);", "taken")]
    [InlineData("forbid (principal == ?principal, action, resource);", "slot")]
    [InlineData("@severity(\"fatal\") forbid (principal, action, resource);", "@severity")]
    [InlineData("@severity(\"block\") permit (principal, action, resource);", "@severity")]
    [InlineData("@people(\"2\") forbid (principal, action, resource);", "@people")]
    [InlineData("@severity(\"escalate\") @people(\"none\") forbid (principal, action, resource);", "@people")]
    [InlineData("forbid (principal, action == Action::\"apply\", resource);", "apply")]
    [InlineData("forbid (principal, action, resource) when { context.plan.deletes > 0 };", "plan")]
    [InlineData("forbid (principal, action == Action::\"propose_change\", resource) when { context.plan.costDelta.greaterThan(decimal(\"1.0\")) };", "costDelta")]
    [InlineData("forbid (principal, action == Action::\"propose_change\", resource) when { context.plan.deletes > \"none\" };", "")]
    [InlineData("@label(\"a, b\") forbid (principal, action, resource);", "@label")]
    [InlineData("@label(\"a label that is longer than what any forge takes, really\") forbid (principal, action, resource);", "@label")]
    [InlineData("@sevrity(\"warn\") forbid (principal, action, resource);", "unknown annotation")]
    public void What_cannot_be_applied_stops_the_start_and_says_where(string text, string said)
    {
        File.WriteAllText(folder.In("bad.cedar"), text);
        File.WriteAllText(folder.In("good.cedar"), NoDeletes);
        Rulebook.Read(folder.Path, faults);
        Assert.Contains(faults, fault => fault.File.EndsWith("bad.cedar", StringComparison.Ordinal) && fault.Line > 0 && fault.Message.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("forbid (principal, action, resource) when { resource is Organization };")]
    [InlineData("forbid (principal, action == Action::\"ask_human\", resource) when { resource has nothing };")]
    public void A_rule_that_can_never_apply_is_warned_of_and_starts(string rule)
    {
        var rulebook = InForce(("never.cedar", rule)).Current;
        Assert.Equal("never.cedar", Assert.Single(rulebook.Warnings).File);
    }

    [Fact]
    public void Of_two_files_that_disagree_the_forbid_wins_and_one_id_in_both_stops_the_start()
    {
        Assert.Equal(Decision.Deny, Check(InForce(("a.cedar", "permit (principal, action, resource);"), ("b.cedar", "forbid (principal, action, resource);")), Calls.Call(targets: Plan())).Decision);
        File.WriteAllText(folder.In("a.cedar"), "@id(\"x\") permit (principal, action, resource);");
        File.WriteAllText(folder.In("b.cedar"), "@id(\"x\") forbid (principal, action, resource);");
        Rulebook.Read(folder.Path, faults);
        Assert.Contains("taken by the policy at a.cedar:1", Assert.Single(faults, fault => fault.File == "b.cedar").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_every_file_is_named_at_once()
    {
        File.WriteAllText(folder.In("a.cedar"), "forbid (principal, action, resource)");
        File.WriteAllText(folder.In("b.cedar"), "permit (principal, action, resource);\npermit (x);");
        File.WriteAllBytes(folder.In("c.cedar"), [0xFF, 0xFE]);
        Rulebook.Read(folder.Path, faults);
        Assert.Equal(["c.cedar"], faults.Select(fault => Path.GetFileName(fault.File)).Distinct());
        File.Delete(folder.In("c.cedar"));
        faults.Clear();
        Rulebook.Read(folder.Path, faults);
        Assert.Equal(["a.cedar", "b.cedar"], faults.Select(fault => fault.File).Distinct().Order());
    }

    [Fact]
    public void A_huge_file_and_a_deep_one_stop_the_start_quickly()
    {
        File.WriteAllText(folder.In("huge.cedar"), new string(' ', (1 << 20) + 1));
        Rulebook.Read(folder.Path, faults);
        Assert.Single(faults);
        File.WriteAllText(folder.In("huge.cedar"), $"forbid (principal, action, resource) when {{ {new string('(', 1000)}true{new string(')', 1000)} }};");
        faults.Clear();
        Rulebook.Read(folder.Path, faults);
        Assert.All(faults, fault => Assert.Equal("huge.cedar", fault.File));
    }
}
