using CsCheck;
using Xunit;

namespace McpInfra.Cedar.Tests.Authorization;

public sealed class A_decision
{
    private const string Permit = "permit(principal, action, resource);";
    private const string Forbid = "forbid(principal, action, resource) when { context.blocked };";

    [Fact]
    public void Is_deny_without_policies() => Assert.Equal(Decision.Deny, Given.Decide("").Decision);

    [Fact]
    public void Is_deny_when_a_permit_and_a_forbid_apply_and_names_the_forbid()
    {
        var response = Given.Decide(Permit + Forbid, Given.Request(context: ("blocked", Value.Of(true))));
        Assert.Equal((Decision.Deny, "policy1"), (response.Decision, Assert.Single(response.Determining).Id));
    }

    [Fact]
    public void Leaves_out_a_policy_that_errs_and_says_where()
    {
        var response = Given.Decide(Permit + "\n" + Forbid);
        Assert.Equal(Decision.Allow, response.Decision);
        var error = Assert.Single(response.Errors);
        Assert.Equal(("policy1", 2, 44), (error.Policy.Id, error.Position.Line, error.Position.Column));
    }

    [Fact]
    public void Evaluates_no_condition_of_a_policy_whose_scope_does_not_match() =>
        Assert.Empty(Given.Decide("permit(principal == User::\"bob\", action, resource) when { 1 };").Errors);

    [Fact]
    public void Stops_at_the_first_condition_that_does_not_hold() =>
        Assert.Empty(Given.Decide("permit(principal, action, resource) when { false } when { 1 } unless { 1 };").Errors);

    [Theory]
    [InlineData("permit(principal == User::\"ann\", action, resource);", true)]
    [InlineData("permit(principal in Team::\"a\", action, resource);", true)]
    [InlineData("permit(principal in Org::\"o\", action in [Action::\"x\", Action::\"read\"], resource is Photo);", true)]
    [InlineData("permit(principal is User in Org::\"o\", action, resource is Photo in Album::\"b\");", true)]
    [InlineData("permit(principal is Team in Org::\"o\", action, resource);", false)]
    [InlineData("permit(principal, action in [], resource);", false)]
    [InlineData("permit(principal, action == Action::\"read\", resource);", false)]
    [InlineData("permit(principal, action in Action::\"read\", resource == Photo::\"sea\");", true)]
    [InlineData("permit(principal, action, resource is Album);", false)]
    public void Depends_on_every_part_of_a_scope(string policy, bool allowed)
    {
        var entities = Given.Entities(
            new Entity(Given.Uid("User::\"ann\""), parents: [Given.Uid("Team::\"a\"")]),
            new Entity(Given.Uid("Team::\"a\""), parents: [Given.Uid("Org::\"o\"")]),
            new Entity(Given.Uid("Action::\"view\""), parents: [Given.Uid("Action::\"read\"")]),
            new Entity(Given.Uid("Photo::\"sea\""), parents: [Given.Uid("Album::\"b\"")]));
        Assert.Equal(allowed ? Decision.Allow : Decision.Deny, Given.Decide(policy, entities: entities).Decision);
    }

    [Fact]
    public void Asks_a_source_for_an_entity_at_most_once_and_survives_a_cycle_in_it()
    {
        var source = new CountingSource();
        var response = Given.Decide("permit(principal in Team::\"z\", action, resource); permit(principal in Team::\"b\", action, resource) when { principal.n == 1 && principal.n < 2 };", entities: source);
        Assert.Equal(Decision.Allow, response.Decision);
        Assert.All(source.Asked.GroupBy(uid => uid), asked => Assert.Single(asked));
    }

    [Fact]
    public void Is_the_same_in_any_order_of_policies_and_a_forbid_more_never_widens_it() =>
        Gen.Select(Gen.Int[0, 7].Array[1, 12], Gen.Int[0, 100], Gen.Bool).Sample((kinds, seed, blocked) =>
        {
            string[] all =
            [
                Permit, Forbid, "permit(principal == User::\"bob\", action, resource);", "forbid(principal, action in Action::\"read\", resource);", "permit(principal, action, resource is Photo) when { context.missing };",
                "forbid(principal is Team, action, resource);", "permit(principal, action in [Action::\"view\"], resource) when { 1 < 2 };", "forbid(principal, action, resource == Photo::\"sea\") when { context.missing };",
            ];
            string[] texts = [.. kinds.Select((kind, index) => $"@id(\"p{index}\") {all[kind]}")];
            var request = Given.Request(context: ("blocked", Value.Of(blocked)));
            Response Ask(IEnumerable<string> policies) => Authorizer.Decide(PolicySet.Parse([new SourceText("p", string.Join("\n", policies))], PolicyNaming.Annotation).Require(), request, EntityStore.Empty);
            static (Decision, string, string) Shape(Response response) =>
                (response.Decision, string.Join(',', response.Determining.Select(policy => policy.Id).Order()), string.Join(',', response.Errors.Select(error => error.Policy.Id).Order()));

            var asked = Ask(texts);
            Assert.Equal(Shape(asked), Shape(Ask(texts.OrderBy(text => HashCode.Combine(text, seed)))));
            if (asked.Decision == Decision.Deny)
            {
                Assert.Equal(Decision.Deny, Ask(texts.Append($"forbid(principal, action, resource) when {{ {seed} < 50 }};")).Decision);
            }
        });

    private sealed class CountingSource : IEntitySource
    {
        public List<EntityUid> Asked { get; } = [];

        public Entity? Find(EntityUid uid)
        {
            Asked.Add(uid);
            return uid.ToString() switch
            {
                "User::\"ann\"" => new Entity(uid, Given.Record(("n", Value.Of(1))), [Given.Uid("Team::\"a\"")]),
                "Team::\"a\"" => new Entity(uid, parents: [Given.Uid("Team::\"b\"")]),
                "Team::\"b\"" => new Entity(uid, parents: [Given.Uid("Team::\"a\"")]),
                _ => null,
            };
        }
    }
}
