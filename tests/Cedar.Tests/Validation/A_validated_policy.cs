using Xunit;

namespace McpInfra.Cedar.Tests.Validation;

public sealed class A_validated_policy
{
    private static readonly Schema World = Schema.Parse("""
        entity User in [Team] = { age: Long, name?: String, boss?: User, home: { city?: String, zip: Long }, ips: Set<ipaddr>, joined: datetime } tags String;
        entity Team in [Org] = { size: Long };
        entity Org;
        entity Photo in [Album] = { owner: User, labels: Set<String> } tags Set<String>;
        entity Album;
        entity Color enum ["red", "green"];
        action read;
        action view, edit in [read] appliesTo { principal: User, resource: [Photo, Album], context: { mfa?: Bool, cost: decimal } };
        action paint appliesTo { principal: [User, Team], resource: Color };
        """).Require();

    private static ValidationReport Validate(string policy) => World.Validate(PolicySet.Parse(policy, "p").Require());

    private static ValidationReport Condition(string condition, string scope = "principal, action == Action::\"view\", resource is Photo") =>
        Validate($"permit({scope}) when {{ {condition} }};");

    [Theory]
    [InlineData("principal.age > 17 && resource.owner == principal")]
    [InlineData("principal has name && principal.name like \"a*\"")]
    [InlineData("principal has name && (principal has boss && principal.boss.age == 1) && principal.name == \"\"")]
    [InlineData("if principal has name then principal.name == \"a\" else false")]
    [InlineData("!(principal has name) || principal.name == \"a\" || true", false)]
    [InlineData("principal has name || principal.name == \"a\"", false)]
    [InlineData("(principal has name || principal has name) && principal.name == \"a\"")]
    [InlineData("(principal has name || principal has boss) && principal.name == \"a\"", false)]
    [InlineData("principal has home.city && principal.home.city == \"x\"")]
    [InlineData("principal has boss.name && principal.boss.name == \"x\"")]
    [InlineData("principal has boss.boss.boss && principal.boss.boss.boss.age == 1")]
    [InlineData("principal.home.city == \"x\"", false)]
    [InlineData("context has mfa && context.mfa")]
    [InlineData("context.mfa", false)]
    [InlineData("principal.wage == 1", false)]
    [InlineData("principal has wage && principal.wage == 1")]
    [InlineData("resource has owner && false && principal.wage == 1")]
    [InlineData("true || principal.wage == 1")]
    [InlineData("principal.age == \"x\"", false)]
    [InlineData("principal == resource")]
    [InlineData("principal == User::\"x\" || resource in Album::\"y\"")]
    [InlineData("principal in Org::\"o\" && principal in [Team::\"t\", Team::\"u\"]")]
    [InlineData("principal in [Team::\"t\", Org::\"u\"]", false)]
    [InlineData("principal in Ghost::\"t\"", false)]
    [InlineData("principal is Ghost", false)]
    [InlineData("principal in \"x\"", false)]
    [InlineData("action in [Action::\"read\", Action::\"edit\"] && action == Action::\"view\"")]
    [InlineData("action == Action::\"ghost\"", false)]
    [InlineData("action in Action::\"ghost\"", false)]
    [InlineData("action.x == 1", false)]
    [InlineData("resource.labels.contains(\"x\") && resource.labels.containsAny([\"x\"]) && !resource.labels.isEmpty()")]
    [InlineData("resource.labels.contains(1)", false)]
    [InlineData("resource.labels.containsAll([1])", false)]
    [InlineData("resource.labels == []", false)]
    [InlineData("[1, \"a\"].contains(1)", false)]
    [InlineData("[{a: 1}, {a: 2}].contains({a: 3})")]
    [InlineData("[{a: 1}, {b: 2}].contains({a: 3})", false)]
    [InlineData("[true, false].contains(1 == 2)")]
    [InlineData("principal.ips.contains(ip(\"1.2.3.4\"))")]
    [InlineData("ip(\"1.2.3.4.5\").isIpv4()", false)]
    [InlineData("ip(principal.name).isIpv4()", false)]
    [InlineData("principal has name && ip(principal.name).isIpv4()", false)]
    [InlineData("context.cost.lessThan(decimal(\"1.0\"))")]
    [InlineData("context.cost < decimal(\"1.0\")", false)]
    [InlineData("context.cost.lessThan(1)", false)]
    [InlineData("principal.joined < datetime(\"2024-01-01\") && principal.joined.offset(duration(\"1d\")) > principal.joined")]
    [InlineData("principal.joined < duration(\"1d\")", false)]
    [InlineData("principal.joined.toTime().toHours() + 1 == 3")]
    [InlineData("principal.hasTag(\"a\") && principal.getTag(\"a\") == \"b\"")]
    [InlineData("principal.getTag(\"a\") == \"b\"", false)]
    [InlineData("principal.hasTag(\"a\") && principal.getTag(\"b\") == \"b\"", false)]
    [InlineData("resource.hasTag(principal.home.zip)", false)]
    [InlineData("resource.hasTag(\"x\") && resource.getTag(\"x\").contains(\"y\")")]
    [InlineData("resource.owner.boss.age == 1", false)]
    [InlineData("1 + true == 2", false)]
    [InlineData("-principal.age < 0")]
    [InlineData("if 1 == 1 then true else 5")]
    [InlineData("if principal.age == 1 then true else 5", false)]
    [InlineData("if principal.age == 1 then principal == resource else false")]
    [InlineData("(if principal.age == 1 then principal else resource.owner) == principal")]
    [InlineData("(if principal.age == 1 then principal else resource) == principal", false)]
    [InlineData("1 == \"a\"")]
    [InlineData("1 has a", false)]
    [InlineData("{a: 1} has b || {a: {b: 1}} has a.b")]
    [InlineData("Color::\"blue\" == Color::\"red\"", false)]
    [InlineData("5", false)]
    [InlineData("principal", false)]
    public void Is_valid_only_if_its_condition_can_meet_no_type_error(string condition, bool valid = true)
    {
        var report = Condition(condition);
        Assert.True(report.IsValid == valid, string.Join("\n", report.Errors));
    }

    [Theory]
    [InlineData("principal, action, resource", true)]
    [InlineData("principal is User, action, resource is Color", true)]
    [InlineData("principal is Team, action == Action::\"view\", resource", false)]
    [InlineData("principal, action == Action::\"read\", resource", false)]
    [InlineData("principal, action in Action::\"read\", resource", true)]
    [InlineData("principal, action in [], resource", false)]
    [InlineData("principal in Org::\"o\", action, resource in Album::\"a\"", true)]
    [InlineData("principal == Org::\"o\", action, resource", false)]
    [InlineData("principal is User in Photo::\"o\", action, resource", false)]
    [InlineData("principal, action, resource == Color::\"blue\"", false)]
    [InlineData("principal, action, resource == Ghost::\"blue\"", false)]
    [InlineData("principal == ?principal, action, resource in ?resource", true)]
    [InlineData("principal is Team in ?principal, action == Action::\"edit\", resource", false)]
    public void Needs_an_action_that_fits_its_scope(string scope, bool valid)
    {
        var report = Validate($"permit({scope});");
        Assert.True(report.IsValid == valid, string.Join("\n", report.Errors));
    }

    [Fact]
    public void Is_judged_for_every_form_of_request_that_it_may_meet()
    {
        Assert.False(Condition("resource.owner == principal", "principal, action == Action::\"view\", resource").IsValid);
        Assert.True(Condition("resource is Photo && resource.owner == principal", "principal, action == Action::\"view\", resource").IsValid);
        Assert.True(Condition("principal.age == 1 && context.cost == context.cost", "principal is User, action in Action::\"read\", resource").IsValid);
    }

    [Fact]
    public void That_is_wrong_is_told_with_the_place_and_what_mends_it() =>
        Assert.Equal(
            "p:2:8: policy `policy0`: the attribute `name` may be missing: expected `… has name && …` before it is read",
            Assert.Single(Validate("permit(principal is User, action in Action::\"read\", resource)\nwhen { principal.name == \"a\" };").Errors).ToString());

    [Fact]
    public void That_can_never_apply_is_warned_of()
    {
        var report = Condition("principal is Team");
        Assert.True(report.IsValid);
        Assert.Contains("it can never apply", Assert.Single(report.Warnings).Message, StringComparison.Ordinal);
        Assert.Empty(Condition("principal.age == 1").Warnings);
    }

    [Fact]
    public void From_a_template_must_be_linked_to_what_the_schema_knows()
    {
        var set = PolicySet.Parse("permit(principal in ?principal, action, resource);").Require();
        Assert.True(World.Validate(set.Link("policy0", "a", Given.Uid("Team::\"t\"")).Require()).IsValid);
        Assert.False(World.Validate(set.Link("policy0", "a", Given.Uid("Ghost::\"t\"")).Require()).IsValid);
        Assert.False(World.Validate(set.Link("policy0", "a", Given.Uid("Photo::\"t\"")).Require()).IsValid);
    }
}
