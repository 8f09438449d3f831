namespace McpInfra.Cedar;

/// <summary>Reads policies in the language's JSON form: one policy, or a set of `staticPolicies`, `templates` and `templateLinks`.</summary>
internal sealed class PolicyJsonReader(JsonText text, string name, string json)
{
    private readonly SourceText source = new(name, json);

    /// <summary>Places in the JSON are bytes; a policy's span is in characters, so that its position is right.</summary>
    private readonly bool isAscii = System.Text.Ascii.IsValid(json);

    public Outcome<PolicySet> Read()
    {
        var read = text.Read(ReadAll);
        if (!read.Succeeded)
        {
            return new(read.Faults);
        }

        var set = PolicySet.Gather(read.Value.Policies, []);
        foreach (var link in read.Value.Links)
        {
            set = set.Succeeded ? link(set.Value) : set;
        }

        return set;
    }

    private sealed record Everything(List<Policy> Policies, List<Func<PolicySet, Outcome<PolicySet>>> Links);

    private Everything ReadAll(JsonItem item)
    {
        item.Object("an object, a policy or a set of policies");
        if (item["effect"] is not null)
        {
            return new([ReadPolicy(item, "policy0", template: null)], []);
        }

        item.Only("staticPolicies", "templates", "templateLinks");
        var policies = new List<Policy>();
        policies.AddRange(item["staticPolicies"]?.Object("an object of policies by id").Members.Select(member => ReadPolicy(member.Value, member.Name, template: false)) ?? []);
        policies.AddRange(item["templates"]?.Object("an object of templates by id").Members.Select(member => ReadPolicy(member.Value, member.Name, template: true)) ?? []);
        var links = item["templateLinks"]?.Array("an array of links").Items.Select(ReadLink).ToList() ?? [];
        return new(policies, links);
    }

    private Span At(JsonItem item) => new(isAscii ? item.Offset : text.Characters(item.Offset), 0);

    private Func<PolicySet, Outcome<PolicySet>> ReadLink(JsonItem item)
    {
        item.Object("an object, a link").Only("templateId", "newId", "values");
        var template = item.Require("templateId").String("a template's id");
        var id = item.Require("newId").String("the new policy's id");
        var values = item.Require("values").Object("an object of entities by slot").Only("?principal", "?resource");
        var principal = values["?principal"] is { } first ? ValueReader.ReadUid(first) : null;
        var resource = values["?resource"] is { } second ? ValueReader.ReadUid(second) : null;
        return set => set.Link(template, id, principal, resource);
    }

    private Policy ReadPolicy(JsonItem item, string id, bool? template)
    {
        item.Object("an object, the policy").Only("effect", "principal", "action", "resource", "conditions", "annotations");
        var effect = item.Require("effect").String("`permit` or `forbid`") switch
        {
            "permit" => Effect.Permit,
            "forbid" => Effect.Forbid,
            _ => throw item.Require("effect").Expected("`permit` or `forbid`"),
        };
        var conditions = item.Require("conditions").Array("an array of conditions").Items.Select(ReadCondition).ToList();
        var policy = new Policy(source, At(item), effect, Annotations.Read(item),
            ReadScope(item.Require("principal"), Variable.Principal), ReadScope(item.Require("action"), Variable.Action), ReadScope(item.Require("resource"), Variable.Resource), conditions).Named(id);
        return template is null || template == policy.IsTemplate
            ? policy
            : throw new JsonFault(item.Offset, policy.IsTemplate ? "a policy with slots is a template: expected it under `templates`" : "a template has slots: expected one at least");
    }

    private Condition ReadCondition(JsonItem item)
    {
        item.Object("an object, the condition").Only("kind", "body");
        var kind = item.Require("kind").String("`when` or `unless`");
        return kind is "when" or "unless"
            ? new(kind == "when", new ExpressionJsonReader(At).Read(item.Require("body")), At(item))
            : throw item.Require("kind").Expected("`when` or `unless`");
    }

    private Scope ReadScope(JsonItem item, Variable variable)
    {
        var op = item.Require("op").String("an operator");
        return op switch
        {
            "All" => new(variable, ScopeKind.Any, At(item.Only("op"))),
            "==" => ReadEntity(item, variable, ScopeKind.Equal, null),
            "in" => ReadEntity(item, variable, ScopeKind.In, null),
            "is" when variable != Variable.Action => item["in"] is { } within
                ? ReadEntity(within, variable, ScopeKind.IsIn, ReadType(item))
                : new(variable, ScopeKind.Is, At(item.Only("op", "entity_type", "in")), ReadType(item)),
            _ => throw item.Require("op").Expected("`All`, `==`, `in` or, but for actions, `is`"),
        };
    }

    private static string ReadType(JsonItem item)
    {
        var type = item.Require("entity_type").String("an entity type's name");
        return Names.IsName(type) ? string.Intern(type) : throw item.Require("entity_type").Expected("an entity type's name such as `A::B`");
    }

    private Scope ReadEntity(JsonItem item, Variable variable, ScopeKind kind, string? type)
    {
        item.Object("an object with an entity or a slot").Only("op", "entity", "entities", "slot");
        if (item["slot"] is { } slot)
        {
            var expected = $"?{variable.ToString().ToLowerInvariant()}";
            return variable != Variable.Action && slot.String(expected) == expected ? new(variable, kind, At(item), type, HasSlot: true) : throw slot.Expected($"`{expected}`, and none for an action");
        }

        var list = variable == Variable.Action && kind == ScopeKind.In ? item["entities"] : null;
        List<EntityUid> entities = list is null ? [ValueReader.ReadUid(item.Require("entity"))] : [.. list.Array("an array of actions").Items.Select(ValueReader.ReadUid)];
        return variable != Variable.Action || entities.TrueForAll(entity => entity.IsAction)
            ? new(variable, kind, At(item), type, entities, IsList: list is not null)
            : throw new JsonFault(item.Offset, "expected actions: their type is `Action`, with or without a namespace");
    }
}
