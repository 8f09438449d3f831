using System.Text;
using Xunit;

namespace McpInfra.Cedar.Tests.Policies;

public sealed class A_text_of_policies
{
    private static string Faults(string text) => string.Join("\n", PolicySet.Parse(text, "a.cedar").Faults);

    [Theory]
    [InlineData("permit(principal, action, resource)", "a.cedar:1:36: expected `when`, `unless` or `;`, found the end of the text")]
    [InlineData("permit(principal, action);", "a.cedar:1:25: expected `,` after the action")]
    [InlineData("permit(principal, resource, action);", "a.cedar:1:19: expected `action`")]
    [InlineData("allow(principal, action, resource);", "a.cedar:1:1: expected `permit` or `forbid`, found `allow`")]
    [InlineData("permit(principal, action, resource) when {};", "a.cedar:1:43: expected a condition, found `}`")]
    [InlineData("permit(principal, action, resource) when { 1 = 1 };", "`=` is not an operator: expected `==`")]
    [InlineData("permit(principal, action, resource) when { 1 == 1 == 1 };", "a.cedar:1:51: relations do not chain")]
    [InlineData("permit(principal, action, resource) when { 4 / 2 == 2 };", "`/` is not supported")]
    [InlineData("permit(principal, action, resource) when { user.x };", "`user` is not a variable")]
    [InlineData("permit(principal, action, resource) when { if true then 1 };", "expected an operator or `else`, found `}`")]
    [InlineData("permit(principal, action, resource) when { true && if true then true else false };", "`if` is reserved")]
    [InlineData("permit(principal, action, resource) when { principal.in };", "`in` is reserved")]
    [InlineData("permit(principal, action, resource) when { {a: 1, \"a\": 2} };", "the attribute `a` is given twice")]
    [InlineData("permit(principal, action, resource) when { [1].containz(1) };", "there is no method `containz`")]
    [InlineData("permit(principal, action, resource) when { [1].contains() };", "`contains` was given 0 argument(s): expected 1")]
    [InlineData("permit(principal, action, resource) when { contains(1) };", "is a method, not a function")]
    [InlineData("permit(principal, action, resource) when { \"1.1.1.1\".ip() };", "is a function, not a method")]
    [InlineData("permit(principal, action, resource) when { isup(1) };", "there is no function `isup`")]
    [InlineData("permit(principal, action, resource) when { principal has (a) };", "expected an attribute's name")]
    [InlineData("permit(principal, action, resource) when { \"a\" like principal };", "expected a pattern")]
    [InlineData("permit(principal, action, resource) when { principal is \"User\" };", "expected an entity type")]
    [InlineData("permit(principal, action, resource) when { \"\\q\" == \"\" };", "a.cedar:1:45: not an escape")]
    [InlineData("permit(principal, action, resource) when { \"open };", "a string that has no end")]
    [InlineData("permit(principal, action, resource) when { 9223372036854775808 == 1 };", "the number is too large")]
    [InlineData("permit(principal, action, resource) when { !!!!!true };", "more than 4 times")]
    [InlineData("permit(principal, action, resource) when { principal == ?principal };", "cannot stand in a condition")]
    [InlineData("permit(principal == ?resource, action, resource);", "expected an entity or `?principal`")]
    [InlineData("permit(principal, action == ?action, resource);", "`?action` cannot stand here")]
    [InlineData("permit(principal, action == User::\"x\", resource);", "`User` is not a type of actions")]
    [InlineData("permit(principal, action is Action, resource);", "an action has no type to test")]
    [InlineData("permit(principal in [User::\"a\"], action, resource);", "a.cedar:1:21: expected an entity")]
    [InlineData("@id(\"a\")\n@id(\"b\")\npermit(principal, action, resource);", "a.cedar:2:2: the annotation `@id` is given twice")]
    [InlineData("permit(principal == __cedar::User::\"a\", action, resource);", "`__cedar` is reserved")]
    [InlineData("permit(principal, action, resource) when { # };", "a character that the language does not use")]
    public void That_is_wrong_is_refused_with_the_place_and_what_was_expected(string text, string expected) => Assert.Contains(expected, Faults(text), StringComparison.Ordinal);

    [Fact]
    public void Has_all_its_faults_named_at_once()
    {
        var faults = PolicySet.Parse("permit(x);\npermit(principal, action, resource);\nforbid(principal, action, resource) when { 1 + };\npermit(principal, action, resource) when { true }").Faults;
        Assert.Equal([1, 3, 4], faults.Select(fault => fault.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("// nothing but words\n")]
    [InlineData("\uFEFF \r\n")]
    public void May_hold_no_policy(string text) => Assert.Empty(PolicySet.Parse([SourceText.Decode("a.cedar", Encoding.UTF8.GetBytes(text)).Require()]).Require().Policies);

    [Fact]
    public void That_is_not_utf8_is_refused_with_the_line() =>
        Assert.Equal("a.cedar:2:3: not UTF-8: expected a text in that encoding", Assert.Single(SourceText.Decode("a.cedar", [.. "//\n//"u8, 0xC3, 0x28]).Faults).ToString());

    [Fact]
    public void That_is_huge_is_read_in_time_linear_in_it()
    {
        var text = new StringBuilder();
        for (var index = 0; index < 20_000; index++)
        {
            text.Append("permit(principal == User::\"u").Append(index).Append("\", action, resource) when { context.a > 1 };\n");
        }

        Assert.Equal(20_000, PolicySet.Parse(text.ToString()).Require().Policies.Count);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("if true then true else ", "")]
    [InlineData("[1].contains(", ")")]
    [InlineData("-(", ")")]
    public void That_is_nested_a_thousand_deep_is_refused_and_never_overflows_the_stack(string open, string close)
    {
        var nested = string.Concat(Enumerable.Repeat(open, 1_000)) + "1" + string.Concat(Enumerable.Repeat(close, 1_000));
        Assert.Contains("nested deeper than", Faults($"permit(principal, action, resource) when {{ {nested} }};"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" + 1")]
    [InlineData(".a")]
    [InlineData("[\"a\"]")]
    public void Whose_tree_would_be_a_thousand_deep_is_refused_too(string more) =>
        Assert.Contains("nested deeper than", Faults($"permit(principal, action, resource) when {{ context{string.Concat(Enumerable.Repeat(more, 1_000))} }};"), StringComparison.Ordinal);

    [Fact]
    public void May_chain_as_many_alternatives_as_it_likes()
    {
        var alternatives = string.Join(" || ", Enumerable.Range(0, 50_000).Select(number => $"context.n == {number}"));
        var response = Given.Decide($"permit(principal, action, resource) when {{ {alternatives} }};", Given.Request(context: ("n", Value.Of(49_999))));
        Assert.Equal(Decision.Allow, response.Decision);
    }

    [Fact]
    public void Gives_policies_their_annotated_ids_and_refuses_one_twice()
    {
        SourceText Text(string name, string id) => new(name, $"@id(\"{id}\")\npermit(principal, action, resource);");
        Assert.NotNull(PolicySet.Parse([Text("a", "one"), Text("b", "two")], PolicyNaming.Annotation).Require().Find("two"));
        var fault = Assert.Single(PolicySet.Parse([Text("a", "one"), Text("b", "one")], PolicyNaming.Annotation).Faults);
        Assert.Equal("b:1:1: the id `one` is taken by the policy at a:1:1: expected distinct ids", fault.ToString());
    }

    [Fact]
    public void Is_printed_so_that_reading_it_again_gives_the_same()
    {
        const string Source = """
            @id("a") @note permit(principal is N::User in N::Group::"g\"", action in [Action::"x", N::Action::"y"], resource == Photo::"p")
            when { if (1 + 2) * 3 - -4 == -(-1) then !(a::"b" in [a::"c"]) else [{a: 1, "b c": "\u{1F600}\n"}].contains({}) || context has a.b.c }
            unless { (true || false) && ("x" like "a\**" && principal["odd name"].getTag("t").x.isEmpty()) && !(principal is A in B::"c") && decimal("1.0").lessThan(ip("::1")) };
            """;
        var printed = PolicySet.Parse(Source).Require().Policies[0].Text;
        Assert.Equal(printed, PolicySet.Parse(printed).Require().Policies[0].Text);
        Assert.Contains("(1 + 2) * 3 - -4 == -(-1)", printed, StringComparison.Ordinal);
    }
}
