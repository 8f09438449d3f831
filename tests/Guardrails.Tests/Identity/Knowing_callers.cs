using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Identity;
using Xunit;

namespace McpInfra.Guardrails.Tests.Identity;

public sealed class Knowing_callers : IDisposable
{
    private readonly ScratchFolder state = new();
    private readonly ManualTime time = new();

    public void Dispose() => state.Dispose();

    private Identities Identities => new("acme", BuiltInAgents.All["planner"], enforced: false, new Freeze(state.Path), time);

    private static Peer Peer(string session, string? person = "ada", string transport = "stdio") => new(transport, person, session, "test");

    [Fact]
    public void A_session_belongs_to_one_person()
    {
        var identities = Identities;
        Assert.Same(identities.Identify(Peer("s1")).Caller!.Session, identities.Identify(Peer("s1")).Caller!.Session);
        Assert.NotSame(identities.Identify(Peer("s1")).Caller!.Session, identities.Identify(Peer("s1", "eve")).Caller!.Session);
    }

    [Theory]
    [InlineData("stdio", false)]
    [InlineData("http", false)]
    [InlineData("schedule", true)]
    public void Only_a_schedule_may_come_without_a_person(string transport, bool allowed) =>
        Assert.Equal(allowed, Identities.Identify(Peer("s1", null, transport)).Verdict.Decision is Decision.Allow);

    [Fact]
    public void A_freeze_holds_for_all_until_it_ends()
    {
        var freeze = new Freeze(state.Path);
        freeze.Begin("incident");
        freeze.Begin("second");
        Assert.Equal((Decision.Deny, "identity"), (Identities.Identify(Peer("s1")).Verdict.Decision, Identities.Identify(Peer("s1")).Verdict.Guard));
        Assert.Equal("incident", freeze.Reason);
        Assert.True(freeze.End());
        Assert.False(freeze.End());
        Assert.Equal(Decision.Allow, Identities.Identify(Peer("s1")).Verdict.Decision);
    }

    [Fact]
    public void A_state_folder_that_is_gone_counts_as_frozen() =>
        Assert.True(new Freeze(state.In("gone")).IsFrozen);

    [Fact]
    public void A_session_in_use_keeps_its_marks_however_many_others_come()
    {
        var identities = Identities;
        identities.Identify(Peer("marked")).Caller!.Session.Flag("call_1");
        for (var number = 0; number < 25_000; number++)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            identities.Identify(Peer($"other-{number}"));
            if (number % 100 == 0)
            {
                identities.Identify(Peer("marked"));
            }
        }

        Assert.Equal("call_1", identities.Identify(Peer("marked")).Caller!.Session.FlaggedBy);
    }
}
