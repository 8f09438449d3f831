using System.Text.Json.Nodes;
using CsCheck;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Approvals;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Guardrails.Tests.Approvals;

public sealed class Approving : IDisposable
{
    private static readonly Verdict Ask = Verdict.Ask("flow", "text that gives orders was read in this session", 1, "");
    private readonly ScratchFolder state = new();
    private readonly ManualTime time = new();
    private readonly TestStore kept;
    private readonly ApprovalStore store;
    private readonly ApprovalGuard guard;

    public Approving()
    {
        kept = TestStore.In(state.In("."), "test.db");
        store = Open();
        guard = Guard(store);
    }

    public void Dispose()
    {
        kept.Dispose();
        state.Dispose();
    }

    private ApprovalStore Open(ApprovalSettings? settings = null) =>
        new(kept.Open(ApprovalStore.Schema), "acme", time, settings);

    private static ApprovalGuard Guard(ApprovalStore store) =>
        new(store, arguments => JsonNode.Parse(arguments.GetRawText().Replace("hunter2", "[secret]", StringComparison.Ordinal)));

    private Verdict Admit(Call call, params Verdict[] asks) => guard.AdmitAsync(call, asks, CancellationToken.None).Now();

    private string Wanted(Call call, params Verdict[] asks)
    {
        var verdict = Admit(call, asks);
        Assert.Equal((Decision.Deny, "approval", Severity.Escalate), (verdict.Decision, verdict.Guard, verdict.Severity));
        return verdict.Approval!;
    }

    [Fact]
    public void Nothing_is_asked_when_nobody_wants_a_person() => Assert.Same(Verdict.Allow, Admit(Calls.Call()));

    [Fact]
    public void The_identical_call_runs_once()
    {
        var id = Wanted(Calls.Call(), Ask);
        Assert.True(store.Approve(id, "grace").Done);
        var admitted = Admit(Calls.Call(), Ask);
        Assert.Equal((Decision.Allow, id), (admitted.Decision, admitted.Approval));
        Assert.NotEqual(id, Wanted(Calls.Call(), Ask));
    }

    [Fact]
    public void Asking_again_finds_the_approval_that_waits()
    {
        var id = Wanted(Calls.Call(), Ask);
        Assert.Equal(id, Wanted(Calls.Call(), Ask));
        Assert.Equal(id, Assert.Single(store.List()).Id);
    }

    [Fact]
    public void The_order_of_arguments_and_a_new_session_make_no_difference()
    {
        var id = Wanted(Calls.Call(arguments: """{"a":1,"b":{"c":[1,2],"d":"x"}}"""), Ask);
        Assert.Equal(id, Wanted(Calls.Call(Calls.Caller(session: new Session("s2", DateTimeOffset.UnixEpoch)), arguments: """{ "b":{"d":"\u0078","c":[1,2]}, "a":1}"""), Ask));
    }

    [Fact]
    public void An_approval_never_admits_a_call_that_differs_in_anything()
    {
        var people = Calls.Among<string?>("ada", "eve", null);
        var calls = Gen.Select(
            people, Calls.Among("remediator", "other"), Calls.Among("propose_change", "revise_proposal"),
            Calls.Among("""{"plan":"plan_1"}""", """{"plan":"plan_2"}""", """{"plan":["plan_1"]}""", """{"plan":"plan_1","title":null}"""),
            Calls.Among("plan_1", "plan_2"), Calls.Among<string?>("prod", "dev", null), Calls.Among("flow", "policy"));
        Gen.Select(calls, calls).Sample((given, other) =>
        {
            var id = Wanted(Make(given), AskOf(given));
            store.Approve(id, "grace");
            var verdict = Admit(Make(other), AskOf(other));
            store.Deny(verdict.Approval!, "grace");
            Admit(Make(given), AskOf(given));
            ClearAll();
            return verdict.Decision is Decision.Allow == (given == other);
        }, iter: 150, threads: 1);

        static Call Make((string? Person, string Agent, string Operation, string Arguments, string Plan, string? Environment, string Asker) from) => Calls.Call(
            Calls.Caller(from.Person, Calls.Agent() with { Name = from.Agent }), Calls.Operation(from.Operation), from.Arguments, Calls.In("infra", from.Environment, id: from.Plan));

        static Verdict AskOf((string? Person, string Agent, string Operation, string Arguments, string Plan, string? Environment, string Asker) from) =>
            Verdict.Ask(from.Asker, "because", 1, "");
    }

    private void ClearAll()
    {
        // Past the time for which approvals are kept, the next call that asks removes them.
        time.Advance(TimeSpan.FromDays(91));
    }

    [Fact]
    public async Task Of_many_identical_calls_at_once_one_is_admitted()
    {
        store.Approve(Wanted(Calls.Call(), Ask), "grace");
        var guards = Enumerable.Range(0, 4).Select(_ => Guard(Open())).ToList();
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(async () => await guards[number % 4].AdmitAsync(Calls.Call(), [Ask], CancellationToken.None))));
        Assert.Single(verdicts, verdict => verdict.Decision is Decision.Allow);
    }

    [Fact]
    public void It_expires_unless_it_is_given_and_used_in_time()
    {
        var id = Wanted(Calls.Call(), Ask);
        time.Advance(TimeSpan.FromHours(23));
        Assert.True(store.Approve(id, "grace").Done);
        time.Advance(TimeSpan.FromHours(24));
        Assert.NotEqual(id, Wanted(Calls.Call(), Ask));
        Assert.Equal(ApprovalState.Expired, store.Find(id)!.State);
        Assert.False(store.Approve(id, "grace").Done);
    }

    [Fact]
    public void A_denial_is_final()
    {
        var id = Wanted(Calls.Call(), Ask);
        Assert.True(store.Deny(id, "grace").Done);
        Assert.False(store.Approve(id, "grace").Done);
        time.Advance(TimeSpan.FromDays(2));
        Assert.Contains("denied", Admit(Calls.Call(), Ask).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_people_are_two_and_nobody_counts_twice()
    {
        var call = Calls.Call(Calls.Caller(agent: Calls.Agent(new ApprovalRule("propose_*", null, 2))), targets: Calls.In("infra"));
        var id = Wanted(call);
        Assert.True(store.Approve(id, "grace").Done);
        foreach (var again in new[] { "grace", "Grace", " GRACE " })
        {
            Assert.False(store.Approve(id, again).Done);
        }

        Assert.Equal(id, Wanted(call));
        Assert.Equal(ApprovalState.Approved, store.Approve(id, "linus").Approval!.State);
        Assert.Equal(Decision.Allow, Admit(call).Decision);
    }

    [Fact]
    public void One_name_with_a_line_end_in_it_is_one_person()
    {
        var call = Calls.Call(Calls.Caller(agent: Calls.Agent(new ApprovalRule("*", null, 2))));
        var id = Wanted(call);
        store.Approve(id, "grace\nlinus\",\"eve");
        Assert.Equal(id, Wanted(call));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Who_asks_can_approve_only_where_nothing_is_enforced(bool enforced, bool counts)
    {
        var id = Wanted(Calls.Call(Calls.Caller(enforced: enforced)), Ask);
        Assert.Equal(counts, store.Approve(id, "Ada").Done);
        Assert.Equal(enforced, store.Find(id)!.IsEnforced);
    }

    [Fact]
    public void A_yes_given_while_nothing_was_enforced_does_not_count_where_it_is()
    {
        var id = Wanted(Calls.Call(), Ask);
        store.Approve(id, "ada");
        Assert.NotEqual(id, Wanted(Calls.Call(Calls.Caller(enforced: true)), Ask));
    }

    [Theory]
    [InlineData("prod", "prod", true)]
    [InlineData("prod", "Prod", true)]
    [InlineData("prod", "dev", false)]
    [InlineData("prod", null, false)]
    [InlineData(null, null, true)]
    public void A_manifests_rule_looks_at_operation_and_environment(string? rule, string? environment, bool wants)
    {
        var caller = Calls.Caller(agent: Calls.Agent(new ApprovalRule("propose_change", rule, 1)));
        Assert.Equal(wants, Admit(Calls.Call(caller, targets: [Calls.In("infra", environment)])).Decision is Decision.Deny);
        Assert.Equal(Decision.Allow, Admit(Calls.Call(caller, Calls.Operation("other"), targets: [Calls.In("infra", environment)])).Decision);
    }

    [Fact]
    public void What_waits_is_bounded()
    {
        var few = Guard(Open(new ApprovalSettings(MostWaiting: 3)));
        var verdicts = Enumerable.Range(0, 5).Select(number => few.AdmitAsync(Calls.Call(arguments: $$"""{"number":{{number}}}"""), [Ask], CancellationToken.None).Now()).ToList();
        Assert.Equal([true, true, true, false, false], verdicts.Select(verdict => verdict.Approval is not null));
        Assert.All(verdicts, verdict => Assert.Equal(Decision.Deny, verdict.Decision));
        Assert.NotNull(few.AdmitAsync(Calls.Call(Calls.Caller(session: new Session("s2", DateTimeOffset.UnixEpoch)), arguments: "{}"), [Ask], CancellationToken.None).Now().Approval);
    }

    [Fact]
    public void The_approver_sees_what_would_run_and_why_but_no_secret()
    {
        var id = Wanted(Calls.Call(arguments: """{"note":"hunter2 \u001b[2J"}""", targets: [Calls.In("infra", "prod", id: "plan_1\u202e\nforged")]), Ask);
        var shown = store.Find(id)!;
        Assert.DoesNotContain("hunter2", shown.Arguments, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown.Arguments);
        Assert.Equal("plan plan_1\uFFFD\uFFFDforged, environment prod, repository infra", shown.Targets);
        Assert.Equal("flow: text that gives orders was read in this session", shown.Reasons);
    }

    [Fact]
    public void Another_organisation_sees_nothing()
    {
        var id = Wanted(Calls.Call(), Ask);
        var other = new ApprovalStore(kept.Open(ApprovalStore.Schema), "other", time);
        Assert.Null(other.Find(id));
        Assert.Empty(other.List(all: true));
        Assert.False(other.Approve(id, "grace").Done);
    }

    [Fact]
    public void An_id_that_is_none_is_said_to_be_none() => Assert.Null(store.Approve("approval_x' OR 1=1 --", "grace").Approval);
}
