using McpInfra.Guardrails.Flow;
using Xunit;

namespace McpInfra.Guardrails.Tests.Flow;

public sealed class Flow_between_repositories
{
    private readonly FlowGuard guard = new();
    private readonly Caller caller = Calls.Caller();

    private Verdict Check(Tier tier, params IReadOnlyList<Target> targets) =>
        guard.CheckAsync(Calls.Call(caller, Calls.Operation(tier: tier), targets: targets), CancellationToken.None).Now();

    [Fact]
    public void After_text_that_gave_orders_drafts_want_a_person_and_the_rest_goes_on()
    {
        caller.Session.Flag("call_1");
        Assert.Equal(Decision.Ask, Check(Tier.Draft, Calls.In("infra")).Decision);
        Assert.Equal(Decision.Allow, Check(Tier.Recommend, Calls.In("infra")).Decision);
        Assert.Equal(Decision.Allow, Check(Tier.Observe).Decision);
    }

    [Fact]
    public void What_was_read_of_a_repository_goes_back_to_it_freely()
    {
        Check(Tier.Observe, Calls.In("infra", type: "repository"));
        Check(Tier.Recommend, Calls.In("infra", type: "stack"));
        Assert.Equal(Decision.Allow, Check(Tier.Draft, Calls.In("infra")).Decision);
    }

    [Theory]
    [InlineData("private")]
    [InlineData("private", "public")]
    [InlineData("public", "private")]
    public void What_was_read_of_another_repository_wants_a_person(params string[] read)
    {
        foreach (var repository in read)
        {
            Check(Tier.Observe, Calls.In(repository, type: "repository"));
        }

        Assert.Equal(Decision.Ask, Check(Tier.Draft, Calls.In("public")).Decision);
        Assert.Equal(Decision.Ask, Check(Tier.Draft).Decision);
    }

    [Fact]
    public void A_resource_that_a_repository_manages_is_not_its_content()
    {
        Check(Tier.Observe, Calls.In("other", type: "AWS::S3::Bucket"));
        Assert.Equal(Decision.Allow, Check(Tier.Draft, Calls.In("infra")).Decision);
    }

    [Fact]
    public void Sessions_do_not_mix()
    {
        Check(Tier.Observe, Calls.In("other", type: "repository"));
        var fresh = Calls.Call(Calls.Caller(session: new Session("s2", DateTimeOffset.UnixEpoch)), targets: [Calls.In("infra")]);
        Assert.Equal(Decision.Allow, guard.CheckAsync(fresh, CancellationToken.None).Now().Decision);
    }

    [Fact]
    public void Reading_more_repositories_than_are_kept_fails_and_so_denies()
    {
        for (var number = 0; number < 1000; number++)
        {
            caller.Session.NoteRead($"repository-{number}");
        }

        caller.Session.NoteRead("repository-0");
        Assert.Throws<InvalidOperationException>(() => caller.Session.NoteRead("one more"));
    }
}
