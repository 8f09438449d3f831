using Xunit;

namespace McpInfra.Cedar.Tests.Schemas;

public sealed class Conforming
{
    private static readonly Schema World = Schema.Parse("""
        entity User in [Team] = { age: Long, ip?: ipaddr, boss?: User, color?: Color } tags Long;
        entity Team in [Team];
        entity Color enum ["red"];
        action read;
        action view in [read] appliesTo { principal: User, resource: [Team, Color], context: { n: Long, since?: datetime } };
        """).Require();

    private static string Entity(string attributes, string type = "User", string id = "a", string parents = "", string more = "") =>
        $$"""[{"uid": {"type": "{{type}}", "id": "{{id}}"}, "attrs": {{attributes}}, "parents": [{{parents}}]{{more}}}]""";

    [Fact]
    public void Entities_may_write_what_the_schema_says_short()
    {
        var json = Entity("""{"age": 1, "ip": "1.2.3.4", "boss": {"type": "User", "id": "b"}, "color": {"__entity": {"type": "Color", "id": "red"}}}""", parents: """{"type": "Team", "id": "t"}""", more: """, "tags": {"x": 2}""");
        var entities = World.ParseEntities(json).Require();
        Assert.Equal("{age: 1, boss: User::\"b\", color: Color::\"red\", ip: ip(\"1.2.3.4/32\")}", Value.Of(entities.Find(Given.Uid("User::\"a\""))!.Attributes).ToString());
        Assert.NotNull(entities.Find(Given.Uid("Action::\"view\"")));
        Assert.Empty(World.Validate(entities));
    }

    [Theory]
    [InlineData("{}", "User", "a", "", "", "the required attribute `age` is missing")]
    [InlineData("{\"age\": \"x\"}", "User", "a", "", "", "expected a value of type Long")]
    [InlineData("{\"age\": 1, \"x\": 1}", "User", "a", "", "", "the attribute `x` is not in the schema")]
    [InlineData("{\"age\": 1, \"ip\": \"x\"}", "User", "a", "", "", "the argument of `ip` is not of its form")]
    [InlineData("{\"age\": 1, \"boss\": {\"type\": \"Team\", \"id\": \"\"}}", "User", "a", "", "", "expected a value of type User")]
    [InlineData("{\"age\": 1, \"color\": {\"type\": \"Color\", \"id\": \"blue\"}}", "User", "a", "", "", "not one of the entities")]
    [InlineData("{}", "Ghost", "a", "", "", "the entity type `Ghost` is not declared")]
    [InlineData("{}", "Color", "blue", "", "", "not one of the entities that `Color` enumerates")]
    [InlineData("{}", "Team", "a", "{\"type\": \"User\", \"id\": \"b\"}", "", "one of type `Team` cannot be in one of type `User`")]
    [InlineData("{}", "Team", "a", "", ", \"tags\": {\"x\": 1}", "has no tags")]
    [InlineData("{\"age\": 1}", "User", "a", "", ", \"tags\": {\"x\": \"\"}", "a tag: expected a value of type Long")]
    [InlineData("{}", "Action", "ghost", "", "", "the action is not declared")]
    [InlineData("{}", "Action", "view", "", "", "not as the schema declares them")]
    public void Entities_that_differ_from_the_schema_are_refused(string attributes, string type, string id, string parents, string more, string expected) =>
        Assert.Contains(expected, string.Join("\n", World.ParseEntities(Entity(attributes, type, id, parents, more)).Faults), StringComparison.Ordinal);

    [Fact]
    public void An_action_may_be_given_as_it_is_declared() =>
        Assert.Empty(World.ParseEntities(Entity("{}", "Action", "view", """{"type": "Action", "id": "read"}""")).Faults);

    [Theory]
    [InlineData("User::\"a\"", "Action::\"view\"", "Team::\"t\"", "{\"n\": 1}", "")]
    [InlineData("User::\"a\"", "Action::\"view\"", "Color::\"red\"", "{\"n\": 1, \"since\": \"2024-01-01\"}", "")]
    [InlineData("User::\"a\"", "Action::\"view\"", "Color::\"blue\"", "{\"n\": 1}", "enumerates")]
    [InlineData("Ghost::\"a\"", "Action::\"view\"", "Team::\"t\"", "{\"n\": 1}", "the principal's type `Ghost` is not declared")]
    [InlineData("Team::\"a\"", "Action::\"view\"", "Team::\"t\"", "{\"n\": 1}", "cannot do this action")]
    [InlineData("User::\"a\"", "Action::\"view\"", "User::\"t\"", "{\"n\": 1}", "cannot be done on a resource of type `User`")]
    [InlineData("User::\"a\"", "Action::\"read\"", "Team::\"t\"", "{}", "cannot do this action")]
    public void A_request_is_valid_only_as_its_action_says(string principal, string action, string resource, string context, string expected)
    {
        var request = new Request(Given.Uid(principal), Given.Uid(action), Given.Uid(resource), World.ParseContext(context, Given.Uid(action)).Require());
        var faults = string.Join("\n", World.Validate(request));
        Assert.True(expected.Length == 0 ? faults.Length == 0 : faults.Contains(expected, StringComparison.Ordinal), faults);
    }

    [Fact]
    public void A_request_with_another_context_or_an_unknown_action_is_not()
    {
        Assert.Contains("the required attribute `n` is missing", string.Join("\n", World.Validate(Given.Request("User::\"a\"", "Action::\"view\"", "Team::\"t\""))), StringComparison.Ordinal);
        Assert.Contains("`x` is not declared", string.Join("\n", World.Validate(Given.Request("User::\"a\"", "Action::\"view\"", "Team::\"t\"", ("n", Value.Of(1)), ("x", Value.Of(1))))), StringComparison.Ordinal);
        Assert.Contains("the action is not declared", World.Validate(Given.Request("User::\"a\"", "Action::\"ghost\"", "Team::\"t\"")));
        Assert.Contains("not declared", Assert.Single(World.ParseContext("{}", Given.Uid("Action::\"ghost\"")).Faults).Message, StringComparison.Ordinal);
    }
}
