using Xunit;

namespace McpInfra.Cedar.Tests.Authorization;

public sealed class An_explanation
{
    private const string Policies = """
        permit(principal is User, action, resource)
        when { context.a && (context.b || context.c) };
        forbid(principal == User::"bob", action, resource);
        """;

    private static Explanation Explain(params (string, Value)[] context) =>
        Authorizer.Explain(PolicySet.Parse(Policies, "p.cedar").Require(), Given.Request(context: context), EntityStore.Empty);

    [Fact]
    public void Says_which_clauses_held_failed_erred_or_were_not_reached()
    {
        var explained = Explain(("a", Value.Of(true)), ("b", Value.Of(false)));
        Assert.Equal(Decision.Deny, explained.Response.Decision);
        Assert.Equal(
            ["context.a Held", "context.b Failed", "context.c Erred"],
            explained.Policies[0].Conditions.Select(clause => $"{clause.Text} {clause.Result}"));
        Assert.Equal(ClauseResult.Erred, explained.Policies[0].Result);
        Assert.Equal("p.cedar:2:8", explained.Policies[0].Conditions[0].Position.ToString());
        Assert.Equal(["principal == User::\"bob\" Failed", "action Held", "resource Held"], explained.Policies[1].Scope.Select(clause => $"{clause.Text} {clause.Result}"));
    }

    [Fact]
    public void Adds_up_to_what_no_decision_reached()
    {
        var coverage = new Coverage();
        coverage.Add(Explain(("a", Value.Of(true)), ("b", Value.Of(true))));
        Assert.Equal(["context.c", "principal == User::\"bob\", action, resource"], coverage.Unreached().Select(clause => clause.Text));
        coverage.Add(Explain(("a", Value.Of(true)), ("b", Value.Of(false)), ("c", Value.Of(true))));
        Assert.Equal(["policy1"], coverage.Unreached().Select(clause => clause.PolicyId));
    }
}
