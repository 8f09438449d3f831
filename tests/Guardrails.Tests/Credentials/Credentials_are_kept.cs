using System.Text.Json;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Credentials;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Guardrails.Tests.Credentials;

public sealed class Credentials_are_kept
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly ManualTime time = new();
    private readonly Counting issuer;
    private readonly CachedCredentials credentials;

    public Credentials_are_kept() => credentials = new CachedCredentials(issuer = new Counting(time), time, most: 8);

    private static Caller Caller(string organization = "acme", string? person = "pat", string agent = "planner", string session = "one") =>
        new(organization, person, BuiltInAgents.All[agent], new Session(session, DateTimeOffset.UnixEpoch), "test", Enforced: false);

    private static Target Target(string id = "infra/prod#aws", string type = "credential") => new() { Id = id, Type = type };

    private async Task<Credential> Ask(Caller? caller = null, CredentialIntent intent = CredentialIntent.PlanStack, Target? target = null) => await credentials.For(caller ?? Caller(), intent, target ?? Target(), Stop);

    [Fact]
    public async Task For_the_same_caller_intent_and_target_alone()
    {
        var first = await Ask();
        Assert.Same(first, await Ask());
        Credential[] others =
        [
            await Ask(Caller(organization: "other")), await Ask(Caller(person: "sam")), await Ask(Caller(person: null)), await Ask(Caller(agent: "remediator")), await Ask(Caller(session: "two")),
            await Ask(intent: CredentialIntent.ReadState), await Ask(target: Target("infra/test#aws")), await Ask(target: Target(type: "repository")),
        ];
        Assert.Equal(9, others.Append(first).Distinct().Count());
    }

    [Fact]
    public async Task And_renewed_before_they_end()
    {
        var first = await Ask();
        time.Advance(TimeSpan.FromMinutes(49));
        Assert.Same(first, await Ask());
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotSame(first, await Ask());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(12 * 60)]
    public async Task For_an_hour_at_most_whatever_their_issuer_says(int? minutes)
    {
        issuer.Life = minutes is { } told ? TimeSpan.FromMinutes(told) : null;
        var first = await Ask();
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.NotSame(first, await Ask());
    }

    [Fact]
    public async Task While_good_when_the_renewal_fails_and_no_longer()
    {
        var first = await Ask();
        issuer.Fails = true;
        time.Advance(TimeSpan.FromMinutes(55));
        Assert.Same(first, await Ask());
        Assert.Same(first, await Ask());
        Assert.Equal(2, issuer.Asked); // The second failure would come only after a pause.
        time.Advance(TimeSpan.FromMinutes(5));
        await Assert.ThrowsAsync<CredentialException>(() => Ask());
    }

    [Fact]
    public async Task And_asked_for_once_by_any_number_of_callers_at_once()
    {
        issuer.Hold = new TaskCompletionSource();
        var asking = Enumerable.Range(0, 50).Select(_ => Task.Run(() => Ask())).ToList();
        issuer.Hold.SetResult();
        var got = await Task.WhenAll(asking);
        Assert.Single(got.Distinct());
        Assert.Equal(1, issuer.Asked);
    }

    [Fact]
    public async Task One_that_gives_up_does_not_take_the_others_with_it()
    {
        issuer.Hold = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var first = credentials.For(Caller(), CredentialIntent.PlanStack, Target(), leaving.Token).AsTask();
        var second = Ask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        issuer.Hold.SetResult();
        Assert.NotNull(await second);
    }

    [Fact]
    public async Task No_more_than_there_is_room_for()
    {
        var kept = await Ask(target: Target("last"));
        for (var i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromSeconds(-1)); // Each ends sooner than the one before.
            await Ask(target: Target($"t{i}"));
        }

        var before = issuer.Asked;
        for (var i = 0; i < 100; i++)
        {
            await Ask(target: Target($"t{i}"));
        }

        Assert.InRange(issuer.Asked - before, 90, 100);
        Assert.NotNull(kept);
    }

    [Fact]
    public void And_shown_to_nobody()
    {
        const string canary = "canary-9f2c";
        foreach (var credential in new[] { new Credential(canary, null), Credential.OfAws(canary, canary, canary, DateTimeOffset.UnixEpoch) })
        {
            Assert.DoesNotContain(canary, $"{credential} {JsonSerializer.Serialize(credential)} {JsonSerializer.Serialize(new { credential })}", StringComparison.Ordinal);
            Assert.DoesNotContain(typeof(Credential).GetProperties(), property => property.GetValue(credential) is string);
            Assert.DoesNotContain(typeof(Credential).GetFields(), field => field.IsPublic);
        }
    }

    [Fact]
    public async Task Each_issue_is_recorded_before_it_and_a_refused_one_after_it_too()
    {
        var trail = new MemoryTrail();
        var audited = new AuditedCredentials([new Refusing(trail)], trail, time);
        var refused = await Assert.ThrowsAsync<CredentialException>(() => audited.For(Caller(), CredentialIntent.PlanStack, Target(), Stop).AsTask());
        Assert.Equal("not today", refused.Message);
        Assert.Equal(["credential issued", "credential not issued"], trail.Records.Select(record => record.Entry.Operation));
        Assert.Equal("""{"intent":"PlanStack","target":"infra/prod#aws","from":"a test"}""", trail.Records[0].Entry.Arguments!.ToJsonString());
        trail.IsBroken = true;
        await Assert.ThrowsAsync<IOException>(() => audited.For(Caller(), CredentialIntent.PlanStack, Target(), Stop).AsTask());
    }

    [Theory]
    [InlineData(-3, null)]
    [InlineData(3, null)]
    [InlineData(5, "5 minutes ahead of the cloud's")]
    [InlineData(-5, "5 minutes behind the cloud's")]
    public void A_clock_that_is_minutes_off_is_told_by_the_Date_of_answers(int minutes, string? words)
    {
        var there = time.GetUtcNow();
        var said = ClockSkew.Words(there, there.AddMinutes(minutes));
        Assert.Equal(words is null, said is null);
        Assert.Contains(words ?? "", said ?? "", StringComparison.Ordinal);
        Assert.Null(ClockSkew.Words(null, there));
    }

    private sealed class Counting(TimeProvider time) : ICredentials
    {
        private int asked;

        public int Asked => asked;

        public TimeSpan? Life { get; set; } = TimeSpan.FromHours(1);

        public bool Fails { get; set; }

        public TaskCompletionSource? Hold { get; set; }

        public async ValueTask<Credential> For(Caller caller, CredentialIntent intent, Target target, CancellationToken stop)
        {
            Interlocked.Increment(ref asked);
            if (Hold is { } hold)
            {
                await hold.Task.WaitAsync(stop);
            }

            return Fails ? throw new CredentialException("the issuer is away") : new Credential("secret", time.GetUtcNow() + Life);
        }
    }

    private sealed class Refusing(MemoryTrail trail) : ICredentialSource
    {
        public string Description => "a test";

        public bool Serves(CredentialIntent intent, Target target) => true;

        public ValueTask<Credential> IssueAsync(CredentialIntent intent, Target target, CancellationToken stop)
        {
            Assert.NotEmpty(trail.Records);
            throw new CredentialException("not today");
        }
    }
}
