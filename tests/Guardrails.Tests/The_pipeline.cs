using System.Diagnostics;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Budgets;
using McpInfra.Guardrails.Identity;
using Xunit;

namespace McpInfra.Guardrails.Tests;

public sealed class The_pipeline
{
    private static string Kinds(Harness harness) => string.Join(' ', harness.Trail.Records.Select(record => record.Kind));

    private static string? OutcomeOf(Harness harness) => harness.Trail.Records[^1].Entry.Outcome;

    [Fact]
    public async Task A_trail_that_cannot_begin_refuses()
    {
        var harness = new Harness();
        harness.Trail.IsBroken = true;
        Assert.Equal("audit", (await harness.CallAsync()).Refusal!.Guard);
        Assert.Equal(0, harness.Runs);
    }

    [Fact]
    public async Task A_trail_that_cannot_end_withholds_the_answer()
    {
        Harness harness = null!;
        harness = new Harness
        {
            Run = _ =>
            {
                harness.Trail.IsBroken = true;
                return new(Answer.Own("done"));
            },
        };
        var outcome = await harness.CallAsync();
        Assert.Equal(("audit", null), (outcome.Refusal!.Guard, outcome.Answer));
    }

    [Fact]
    public async Task Arguments_that_cannot_be_redacted_are_refused_and_kept_off_the_trail()
    {
        var harness = new Harness { Redact = _ => throw new InvalidOperationException("hunter2") };
        Assert.Equal("audit", (await harness.CallAsync(arguments: """{"text":"hunter2"}""")).Refusal!.Guard);
        Assert.Equal((0, true), (harness.Runs, harness.Trail.Records.All(record => record.Entry.Arguments is null)));
        Assert.Equal("begin end", Kinds(harness));
    }

    [Fact]
    public async Task A_caller_nobody_knows_is_refused_on_the_trail()
    {
        var harness = new Harness { Identify = () => new Identified(null, Verdict.Deny("identity", "the caller is not known", "connect")) };
        Assert.Equal("identity", (await harness.CallAsync()).Refusal!.Guard);
        Assert.Equal("begin end", Kinds(harness));
        Assert.Equal("acme", harness.Trail.Records[0].Entry.Organization);
        Assert.Empty(harness.Pipeline.List(new Peer("stdio", null, "s1", null), OperationKind.Tool));
    }

    [Fact]
    public async Task A_caller_allowed_but_absent_is_refused()
    {
        var harness = new Harness { Identify = () => new Identified(null, Verdict.Allow) };
        Assert.Equal("identity", (await harness.CallAsync()).Refusal!.Guard);
    }

    [Fact]
    public async Task An_unknown_operation_is_recorded_by_its_name_short_seen_and_redacted()
    {
        var harness = new Harness { Redact = element => JsonNode.Parse(element.GetRawText().Replace("hunter2", "***", StringComparison.Ordinal)) };
        var outcome = await harness.CallAsync(operation: "hunter2\n\u202e" + new string('x', 100), client: "client\u001b[2J" + new string('y', 500));
        Assert.Equal("allowlist", outcome.Refusal!.Guard);
        Assert.Equal("***\uFFFD\uFFFD" + new string('x', 59), harness.Trail.Records[0].Entry.Operation);
        Assert.Equal(128, harness.Trail.Records[0].Entry.Client!.Length);
        Assert.DoesNotContain('\u001b', harness.Trail.Records[0].Entry.Client!);
    }

    [Fact]
    public async Task Giving_up_before_the_begin_leaves_nothing()
    {
        var harness = new Harness();
        harness.Trail.IsBroken = true;
        Assert.Equal("audit", (await harness.CallAsync(stop: new CancellationToken(true))).Refusal!.Guard);
        Assert.Empty(harness.Trail.Records);
    }

    [Fact]
    public async Task Giving_up_while_it_runs_is_told_and_recorded()
    {
        using var giving = new CancellationTokenSource();
        var harness = new Harness
        {
            Run = async stop =>
            {
                await giving.CancelAsync();
                stop.ThrowIfCancellationRequested();
                return Answer.Own("never");
            },
        };
        await Assert.ThrowsAsync<OperationCanceledException>(() => harness.CallAsync(stop: giving.Token));
        Assert.Equal(("begin end", "cancelled"), (Kinds(harness), OutcomeOf(harness)));
    }

    [Fact]
    public async Task What_was_done_although_the_peer_gave_up_is_recorded_as_done()
    {
        using var giving = new CancellationTokenSource();
        var harness = new Harness
        {
            Run = async _ =>
            {
                await giving.CancelAsync();
                return Answer.Own("opened");
            },
        };
        Assert.NotNull((await harness.CallAsync(stop: giving.Token)).Answer);
        Assert.Equal("answered", OutcomeOf(harness));
    }

    [Fact]
    public async Task Giving_up_while_a_guard_waits_is_recorded_once()
    {
        using var giving = new CancellationTokenSource();
        var guard = new Waiting("policy");
        var harness = new Harness { Input = [guard] };
        var calling = harness.CallAsync(stop: giving.Token);
        await guard.Entered;
        await giving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        Assert.Equal(("begin end", "cancelled", 0), (Kinds(harness), OutcomeOf(harness), harness.Runs));
    }

    [Fact]
    public async Task A_guard_that_never_decides_denies_at_the_deadline()
    {
        var time = new ManualTime();
        var guard = new Waiting("policy");
        var harness = new Harness { Input = [guard], Time = time };
        var calling = harness.CallAsync();
        await guard.Entered;
        time.Advance(TimeSpan.FromSeconds(91));
        Assert.Equal("policy", (await calling).Refusal!.Guard);
        Assert.Equal(0, harness.Runs);
    }

    [Fact]
    public async Task An_operation_is_stopped_at_its_deadline()
    {
        var time = new ManualTime();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var harness = new Harness
        {
            Time = time,
            Run = async stop =>
            {
                entered.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
                return Answer.Own("never");
            },
        };
        var calling = harness.CallAsync();
        await entered.Task;
        time.Advance(TimeSpan.FromSeconds(91));
        var outcome = await calling;
        Assert.True(outcome.Answer!.IsFault);
        Assert.Contains("longer than 90 s", outcome.Answer.Parts[0].Text, StringComparison.Ordinal);
        Assert.Equal("failed", OutcomeOf(harness));
    }

    [Fact]
    public async Task A_defect_reaches_the_log_redacted_and_nobody_else()
    {
        var harness = new Harness
        {
            Run = _ => throw new InvalidOperationException("connecting with hunter2"),
            Redact = element => JsonNode.Parse(element.GetRawText().Replace("hunter2", "***", StringComparison.Ordinal)),
        };
        var outcome = await harness.CallAsync();
        Assert.True(outcome.Answer!.IsFault);
        Assert.DoesNotContain("connecting", outcome.Answer.Parts[0].Text, StringComparison.Ordinal);
        Assert.Equal("failed", OutcomeOf(harness));
        Assert.Contains("connecting with ***", harness.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", harness.Log, StringComparison.Ordinal);
        Assert.Contains(outcome.Audit, harness.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_cannot_be_cleaned_is_withheld(bool throws)
    {
        var harness = new Harness { Output = [new Cleaning(_ => throws ? throw new InvalidOperationException("hunter2") : null)] };
        var outcome = await harness.CallAsync();
        Assert.Equal((null, "policy", "denied"), (outcome.Answer, outcome.Refusal!.Guard, OutcomeOf(harness)));
        Assert.Equal(outcome.Refusal, harness.Trail.Records[^1].Entry.Verdict);
    }

    [Fact]
    public async Task Faults_are_cleaned_too()
    {
        var harness = new Harness { Run = _ => throw new InvalidOperationException(), Output = [new Cleaning(answer => answer with { Parts = [new Part(Trust.Own, "clean")] })] };
        Assert.Equal("clean", (await harness.CallAsync()).Answer!.Parts[0].Text);
    }

    [Fact]
    public async Task What_is_answered_is_paid_for()
    {
        var caller = Calls.Caller(agent: Calls.Agent() with { Budgets = new Budgets.Budgets(OutputTokens: 15) }, session: new Session("s1", TimeProvider.System.GetUtcNow()));
        var harness = new Harness
        {
            Identify = () => new Identified(caller, Verdict.Allow), Input = [new BudgetGuard(TimeProvider.System)], Run = _ => new(Answer.Own(new string('x', 40))),
        };
        Assert.Null((await harness.CallAsync()).Refusal);
        Assert.Null((await harness.CallAsync()).Refusal);
        Assert.Contains("outputTokens", (await harness.CallAsync()).Refusal!.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_approval_admitted_is_on_the_trail_with_it()
    {
        var harness = new Harness
        {
            Input = [new Told("policy", () => Verdict.Noted("policy", "noticed", Severity.Block)), new Told("flow", () => Verdict.Ask("flow", "look", 1, ""))],
            Approve = _ => Verdict.Noted("approval", "a person approved exactly this call", Severity.Escalate) with { Approval = "approval_1" },
        };
        await harness.CallAsync();
        Assert.Equal("approval_1", harness.Trail.Records[^1].Entry.Verdict!.Approval);
    }

    [Fact]
    public void A_guard_under_a_name_that_clients_do_not_know_stops_the_start()
    {
        Assert.Throws<InvalidOperationException>(() => new Harness { Input = [new Told("helper", () => Verdict.Allow)] }.Pipeline);
        Assert.Throws<InvalidOperationException>(() => new Harness { Input = [new Told("flow", () => Verdict.Allow), new Told("flow", () => Verdict.Allow)] }.Pipeline);
    }

    [Fact]
    public async Task Every_span_of_a_call_carries_its_audit_id()
    {
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var harness = new Harness { Access = [new Told("tier", () => Verdict.Allow)], Input = [new Told("flow", () => Verdict.Allow)], Output = [new Cleaning(answer => answer)] };
        var outcome = await harness.CallAsync();
        var own = spans.Where(span => (string?)span.GetTagItem(Telemetry.AuditTag) == outcome.Audit).ToList();
        Assert.Equal(
            ["identity", "redact", "tier", "bind", "targets", "targets", "flow", "approval", "run", "redact", Harness.Operation],
            own.Select(span => span.OperationName));
        Assert.Single(own.Select(span => span.TraceId).Distinct());
        Assert.Equal(own[0].TraceId.ToString(), harness.Trail.Records[0].Entry.Trace);
    }
}
