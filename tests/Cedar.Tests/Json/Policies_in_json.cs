using Xunit;

namespace McpInfra.Cedar.Tests.Json;

public sealed class Policies_in_json
{
    private static string Policy(string body = """{"Value": true}""", string principal = """{"op": "All"}""", string action = """{"op": "All"}""") =>
        $$"""{"effect": "permit", "principal": {{principal}}, "action": {{action}}, "resource": {"op": "All"}, "conditions": [{"kind": "when", "body": {{body}}}]}""";

    [Theory]
    [InlineData("permit(principal, action, resource);")]
    [InlineData("@a @b(\"c\") forbid(principal is A::B in A::\"c\", action in [Action::\"x\", N::Action::\"y\"], resource == A::\"\\n\") when { true } unless { false };")]
    [InlineData("permit(principal in A::\"b\", action in Action::\"x\", resource is A) when { if principal has a.b then context[\"x y\"] else -(-principal.n) == 1 };")]
    [InlineData("permit(principal, action == Action::\"x\", resource) when { \"a*\" like \"*\\*b*\" && [1, {a: principal}].contains(1) || !(principal is A in B::\"c\") || [].isEmpty() };")]
    [InlineData("permit(principal, action, resource) when { ip(\"::1\").isInRange(ip(\"::/8\")) && principal.getTag(\"a\") == decimal(\"1.0\") && 1 + 2 - 3 * 4 <= 5 && 1 >= 2 && 1 != 2 && [1].containsAll([2]) };")]
    public void Written_and_read_again_are_the_same(string text)
    {
        var set = PolicySet.Parse(text).Require();
        Assert.Equal(set.Policies[0].Text, PolicySet.ParseJson(set.ToJson()).Require().Policies[0].Text);
    }

    [Fact]
    public void Keep_templates_and_links()
    {
        var set = PolicySet.Parse("permit(principal == ?principal, action, resource is A in ?resource);").Require().Link("policy0", "l", Given.Uid("A::\"b\""), Given.Uid("A::\"c\"")).Require();
        var again = PolicySet.ParseJson(set.ToJson()).Require();
        Assert.Equal(set.ToJson(), again.ToJson());
        Assert.Equal("policy0", again.Find("l")!.TemplateId);
    }

    [Fact]
    public void May_chain_very_many_alternatives()
    {
        var set = PolicySet.Parse($"permit(principal, action, resource) when {{ {string.Join(" || ", Enumerable.Range(0, 100).Select(number => $"context.n == {number}"))} }};").Require();
        Assert.Equal(set.ToJson(), PolicySet.ParseJson(set.ToJson()).Require().ToJson());
    }

    [Theory]
    [InlineData("""{"Value": [1, {"a": {"__entity": {"type": "A", "id": "b"}}}, {"__extn": {"fn": "ip", "arg": "::1"}}]}""", "[1, {a: A::\"b\"}, ip(\"::1\")]")]
    [InlineData("""{"is": {"left": {"Var": "principal"}, "entity_type": "A", "in": {"Value": {"__entity": {"type": "B", "id": ""}}}}}""", "principal is A && principal in B::\"\"")]
    [InlineData("""{"like": {"left": {"Var": "context"}, "pattern": ["Wildcard", {"Literal": "a*"}, {"Literal": "b"}]}}""", "context like \"*a\\*b\"")]
    public void Mean_what_the_syntax_means(string body, string text) => Assert.Contains(text, PolicySet.ParseJson(Policy(body)).Require().Policies[0].Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "expected a JSON")]
    [InlineData("""{"Value": null}""", "found null")]
    [InlineData("""{"Value": 1.5}""", "a number that is not a 64-bit integer")]
    [InlineData("""{"Var": "user"}""", "expected principal, action, resource or context")]
    [InlineData("""{"frob": {"arg": {"Value": 1}}}""", "unknown operator `frob`")]
    [InlineData("""{"==": {"left": {"Value": 1}}}""", "expected the member `right`")]
    [InlineData("""{"Value": 1, "Var": "principal"}""", "one member, the operator")]
    [InlineData("""{"Slot": "?principal"}""", "unknown operator `Slot`")]
    public void That_are_wrong_are_refused_with_the_place(string body, string expected) =>
        Assert.Contains(body == "{}" ? "one member, the operator" : expected, Assert.Single(PolicySet.ParseJson(Policy(body)).Faults).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"op": "is"}""", """{"op": "All"}""", "expected the member `entity_type`")]
    [InlineData("""{"op": "==", "slot": "?resource"}""", """{"op": "All"}""", "expected `?principal`")]
    [InlineData("""{"op": "~"}""", """{"op": "All"}""", "expected `All`")]
    [InlineData("""{"op": "All"}""", """{"op": "==", "entity": {"type": "User", "id": ""}}""", "expected actions")]
    [InlineData("""{"op": "All"}""", """{"op": "is", "entity_type": "Action"}""", "expected `All`")]
    public void Whose_scope_is_wrong_are_refused(string principal, string action, string expected) =>
        Assert.Contains(expected, Assert.Single(PolicySet.ParseJson(Policy(principal: principal, action: action)).Faults).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Nested_a_thousand_deep_are_refused_and_never_overflow_the_stack()
    {
        var body = string.Concat(Enumerable.Repeat("{\"!\": {\"arg\": ", 400)) + "{\"Value\": true}" + string.Concat(Enumerable.Repeat("}}", 400));
        Assert.Contains("nested deeper than", Assert.Single(PolicySet.ParseJson(Policy(body)).Faults).Message, StringComparison.Ordinal);
    }
}
