using CsCheck;
using McpInfra.Cedar;
using McpInfra.Guardrails.Policies;
using McpInfra.Guardrails.Policies.World;
using Xunit;

namespace McpInfra.Guardrails.Tests.Policies;

public sealed class Laws_of_the_policy_guard
{
    private const string Arguments = """{"plan":"plan_1","title":"t","reason":"r"}""";

    private static readonly Gen<string> Severities = Calls.Among("", "@severity(\"escalate\") ", "@severity(\"escalate\") @people(\"3\") ", "@severity(\"warn\") ", "@severity(\"audit\") @label(\"l\") ");

    private static readonly Gen<string> Scopes = Calls.Among(
        "principal, action, resource", "principal == Agent::\"remediator\", action, resource", "principal == Agent::\"other\", action, resource", "principal, action in Action::\"draft\", resource",
        "principal, action == Action::\"propose_change\", resource in Environment::\"prod\"", "principal in Organization::\"acme\", action == Action::\"propose_change\", resource is Plan in Repository::\"infra\"");

    // Valid behind every scope; the third fails in the afternoon.
    private static readonly Gen<string> Conditions = Calls.Among(
        "", " when { resource.environment == \"prod\" }", " when { context.hour * 9223372036854775807 >= 0 }", " unless { context.session.flagged }", " when { context has person && context.person in Organization::\"acme\" }",
        " when { resource.hasTag(\"team\") && resource.getTag(\"team\") like \"a*\" }", " when { context.enforced || resource.managed }", " when { context.arguments has plan && context.arguments.plan == \"plan_1\" }");

    private static readonly Gen<string> Forbid = Gen.Select(Severities, Scopes, Conditions, (severity, scope, condition) => $"{severity}forbid ({scope}){condition};");

    private static readonly Gen<string> Rule = Gen.OneOf(Forbid, Forbid, Gen.Select(Scopes, Conditions, (scope, condition) => $"permit ({scope}){condition};"));

    private static readonly Gen<Target> Targets = Gen.Select(Calls.Among("prod", "Dev", null), Calls.Among("a1", "b", ""), Gen.Bool, Gen.Int[0, 2], (environment, team, managed, deletes) =>
        Calls.In("infra", environment, id: $"{environment}{team}{managed}{deletes}") with
        {
            Managed = managed,
            Tags = team!.Length == 0 ? new Dictionary<string, string>() : new() { ["team"] = team },
            Plan = new PlanFacts { Deletes = deletes, CostDelta = deletes == 2 ? 10.12345m : null, Types = ["aws_vpc"] },
        });

    private static readonly Gen<(Call Call, DateTimeOffset Now)> Questions = Gen.Select(Targets.Array[1, 4], Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, (targets, flagged, enforced, hasPerson, isLate) =>
    {
        var session = new Session("s", DateTimeOffset.UnixEpoch);
        if (flagged)
        {
            session.Flag("call");
        }

        return (Calls.Call(Calls.Caller(hasPerson ? "ada" : null, session: session, enforced: enforced), arguments: Arguments, targets: targets), new DateTimeOffset(2026, 3, 4, isLate ? 15 : 0, 0, 0, TimeSpan.Zero));
    });

    [Fact]
    public void The_order_of_rules_and_of_targets_never_matters() => Gen.Select(Rule.Array[1, 8], Questions, Gen.Int).Sample((rules, asked, seed) =>
    {
        var shuffled = asked.Call with { Targets = [.. asked.Call.Targets.OrderBy(target => HashCode.Combine(target.Id, seed))] };
        Assert.Equal(Shape(rules, asked.Call, asked.Now), Shape([.. rules.OrderBy(rule => HashCode.Combine(rule, seed))], shuffled, asked.Now));
    }, iter: 300);

    [Fact]
    public void A_forbid_more_never_widens() => Gen.Select(Rule.Array[0, 6], Forbid, Questions).Sample((rules, more, asked) =>
        Assert.True(Strictness([.. rules, more], asked.Call, asked.Now) >= Strictness(rules, asked.Call, asked.Now)), iter: 300);

    [Fact]
    public void A_target_more_never_widens() => Gen.Select(Rule.Array[1, 6], Questions).Sample((rules, asked) =>
        Assert.True(Strictness(rules, asked.Call, asked.Now) >= Strictness(rules, asked.Call with { Targets = [asked.Call.Targets[0]] }, asked.Now)), iter: 300);

    [Fact]
    public void No_set_of_rules_admits_what_is_refused_without_any() => Gen.Select(Rule.Array[0, 6], Questions).Sample((rules, asked) =>
    {
        Assert.Equal(int.MaxValue, Strictness(rules, asked.Call with { Targets = [] }, asked.Now));
        Assert.Equal(int.MaxValue, Strictness(rules, asked.Call with { Operation = Calls.Operation(tier: Tier.Production) }, asked.Now));
    }, iter: 100);

    [Fact]
    public void A_rule_that_starts_meets_no_type_error_for_every_call_is_as_the_schema_says() => Gen.Select(Rule, Questions).Sample((rule, asked) =>
    {
        var context = CallContext.Of(asked.Call, asked.Now);
        foreach (var world in asked.Call.Targets.Select(target => new CallWorld(asked.Call, target)))
        {
            var question = world.Question(context);
            Assert.Empty(WorldSchema.Schema.Validate(question));
            Assert.Empty(WorldSchema.Schema.Validate(EntityStore.From([world.Find(question.Principal)!, world.Find(question.Resource)!, .. WorldSchema.Schema.ActionEntities.All]).Require()));
        }

        Assert.All(Read([rule]).Cedar!.Judge(asked.Call, asked.Now).Errors, error => Assert.StartsWith("overflow", error.Message, StringComparison.Ordinal));
    }, iter: 300);

    private static Rulebook Read(IReadOnlyList<string> rules)
    {
        var faults = new List<Manifests.Fault>();
        var cedar = rules.Count == 0 ? null : CedarRules.Read([new SourceText("r.cedar", string.Join('\n', rules))], faults);
        Assert.Empty(faults);
        return new Rulebook(cedar, [], []);
    }

    private static (Decision Decision, int People, string Rules) Shape(IReadOnlyList<string> rules, Call call, DateTimeOffset now)
    {
        var rulebook = Read(rules);
        var verdict = PolicyGuard.Would(call, rulebook, now);
        return (verdict.Decision, verdict.People, string.Join('\n', rulebook.Cedar!.Judge(call, now).Applying.Select(rule => rule.Policy.Text).Distinct().Order(StringComparer.Ordinal)));
    }

    private static int Strictness(IReadOnlyList<string> rules, Call call, DateTimeOffset now) => PolicyGuard.Would(call, Read(rules), now) switch
    {
        { Decision: Decision.Deny } => int.MaxValue,
        { Decision: Decision.Ask } asked => asked.People,
        _ => 0,
    };
}
