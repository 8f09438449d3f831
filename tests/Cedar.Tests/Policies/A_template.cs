using Xunit;

namespace McpInfra.Cedar.Tests.Policies;

public sealed class A_template
{
    private static readonly PolicySet Set = PolicySet.Parse("permit(principal == ?principal, action, resource in ?resource);").Require();

    [Fact]
    public void Decides_nothing_until_it_is_linked()
    {
        Assert.Empty(Set.Policies);
        Assert.Equal(Decision.Deny, Authorizer.Decide(Set, Given.Request(), EntityStore.Empty).Decision);
    }

    [Fact]
    public void Decides_for_what_its_slots_are_bound_to()
    {
        var linked = Set.Link("policy0", "anns", Given.Uid("User::\"ann\""), Given.Uid("Photo::\"sea\"")).Require();
        Assert.Equal(["anns"], Authorizer.Decide(linked, Given.Request(), EntityStore.Empty).Determining.Select(policy => policy.Id));
        Assert.Equal(Decision.Deny, Authorizer.Decide(linked, Given.Request(principal: "User::\"bob\""), EntityStore.Empty).Decision);
        Assert.Equal("policy0", linked.Find("anns")!.TemplateId);
    }

    [Fact]
    public void With_an_unbound_slot_is_refused() =>
        Assert.Equal("policies:1:41: the slot `?resource` of template `policy0` is not bound: expected an entity for it", Assert.Single(Set.Link("policy0", "a", Given.Uid("User::\"ann\"")).Faults).ToString());

    [Fact]
    public void Without_a_slot_takes_no_entity_for_it() =>
        Assert.Contains("has no slot `?principal`", Assert.Single(PolicySet.Parse("permit(principal, action, resource in ?resource);").Require().Link("policy0", "a", Given.Uid("User::\"ann\""), Given.Uid("Photo::\"sea\"")).Faults).Message, StringComparison.Ordinal);

    [Fact]
    public void That_is_not_there_cannot_be_linked() => Assert.Contains("there is no template", Assert.Single(Set.Link("policy9", "a").Faults).Message, StringComparison.Ordinal);

    [Fact]
    public void Is_linked_under_a_new_id_only() => Assert.Contains("is taken", Assert.Single(Set.Link("policy0", "policy0", Given.Uid("User::\"ann\""), Given.Uid("Photo::\"sea\"")).Faults).Message, StringComparison.Ordinal);
}
