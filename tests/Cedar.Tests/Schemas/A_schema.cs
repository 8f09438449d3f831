using Xunit;

namespace McpInfra.Cedar.Tests.Schemas;

public sealed class A_schema
{
    private static string Faults(string text) => string.Join("\n", Schema.Parse(text, "s").Faults);

    [Theory]
    [InlineData("entity A", "s:1:9: expected `;`, found the end of the text")]
    [InlineData("entities A;", "s:1:1: expected `entity`, `action`, `type` or `namespace`")]
    [InlineData("entity A; entity A;", "s:1:18: the entity type `A` is declared twice")]
    [InlineData("entity A in [B];", "s:1:14: the entity type `B` is not declared")]
    [InlineData("entity A = { b: B };", "s:1:17: the type `B` is not declared")]
    [InlineData("entity A enum [];", "expected an entity's id, a string")]
    [InlineData("type T = T;", "the type `T` contains itself")]
    [InlineData("type T = Set<U>; type U = { t: T };", "contains itself")]
    [InlineData("type Long = String;", "`Long` is reserved")]
    [InlineData("type T = Long; entity A; action a appliesTo { principal: A, resource: A, context: T };", "expected a record, found Long")]
    [InlineData("entity A; action a appliesTo { principal: A };", "at least one `principal` and one `resource`")]
    [InlineData("entity A; action a appliesTo { principal: [], resource: A };", "at least one `principal` and one `resource`")]
    [InlineData("entity A; action a appliesTo { principal: A, principal: A, resource: A };", "each once")]
    [InlineData("action a in b;", "the action `b` is not declared")]
    [InlineData("action a in b; action b in a;", "cycle")]
    [InlineData("action a in a;", "cycle")]
    [InlineData("entity if;", "`if` is reserved")]
    [InlineData("entity __cedar;", "`__cedar` is reserved")]
    [InlineData("namespace N { entity A; } namespace N { entity B; }", "the namespace `N` is declared twice")]
    [InlineData("entity A; namespace N { entity A; }", "`N::A` hides `A`")]
    [InlineData("action a; namespace N { action a; }", "hides the one of the empty namespace")]
    [InlineData("@a @a entity A;", "the annotation `@a` is given twice")]
    [InlineData("namespace N { entity A; entity B in C; ", "expected a declaration or `}`")]
    public void That_is_wrong_is_refused_with_the_place_and_what_was_expected(string text, string expected) => Assert.Contains(expected, Faults(text), StringComparison.Ordinal);

    [Fact]
    public void Has_all_its_faults_named_at_once() =>
        Assert.Equal([1, 3], Schema.Parse("entity A in = 1;\nentity B;\nentity C = { : };").Faults.Select(fault => fault.Line));

    [Fact]
    public void Nested_a_thousand_deep_is_refused_and_never_overflows_the_stack() =>
        Assert.Contains("nested deeper than", Faults($"type T = {string.Concat(Enumerable.Repeat("Set<", 1_000))}Long{new string('>', 1_000)};"), StringComparison.Ordinal);

    [Fact]
    public void Resolves_a_bare_name_in_its_own_namespace_before_the_empty_one_and_the_language()
    {
        var schema = Schema.Parse("""
            type Size = Long;
            namespace N {
              type decimal = { whole: Size };
              entity A, B in [A] = { d: decimal, "own": __cedar::decimal, ref?: N::A, s: Set<A> } tags String;
              entity Color enum ["red", "green"];
              action write in [N::Action::"read", Action::"read"] appliesTo { principal: [A, B], resource: A, context: { d: decimal, } };
              action read;
            }
            """).Require();
        Assert.Equal(["N::A", "N::B", "N::Color"], schema.EntityTypes.Order());
        Assert.Equal("{d: {whole: Long}, own: decimal, ref?: N::A, s: Set<N::A>}", schema.Find("N::B")!.Attributes.ToString());
        Assert.Equal(["N::A", "N::B"], schema.Find("N::A")!.Descendants.Order());
        Assert.Equal([Given.Uid("N::Action::\"read\"")], schema.ActionEntities.Find(Given.Uid("N::Action::\"write\""))!.Parents);
    }

    [Fact]
    public void Written_in_either_syntax_reads_as_the_same()
    {
        var schema = Schema.Parse("entity A in [A] = { a?: Set<{ \"b c\": ipaddr }>, d: datetime } tags duration; namespace N { entity B enum [\"x\\n\"]; action \"a b\", c; action d in [\"a b\", c] appliesTo { principal: A, resource: [A, B], context: { ok: Bool } }; }").Require();
        Assert.Equal(schema.Text, Schema.Parse(schema.Text).Require().Text);
        Assert.Equal(schema.Text, Schema.ParseJson(schema.ToJson()).Require().Text);
        Assert.Equal(schema.ToJson(), Schema.Parse(schema.Text).Require().ToJson());
    }

    [Fact]
    public void That_declares_an_attribute_twice_means_the_last() =>
        Assert.Equal("{b?: String}", Schema.Parse("entity A = { b: Undeclared, \"b\"?: String };").Require().Find("A")!.Attributes.ToString());

    [Fact]
    public void Keeps_its_annotations_in_either_syntax()
    {
        const string Text = "@doc(\"space\")\nnamespace N {\n@doc(\"kind\")\n@empty(\"\")\nentity A = {@doc(\"\\\"quoted\\\"\") \"b\": {@deep(\"x\") \"c\"?: __cedar::Long}};\n@if(\"reserved words may be names\")\nentity E enum [\"x\"];\n@doc(\"act\")\naction \"a\";\n}\n";
        Assert.Equal(Text, Schema.Parse(Text).Require().Text);
        Assert.Equal(Text, Schema.ParseJson(Schema.Parse(Text).Require().ToJson()).Require().Text);
    }

    [Theory]
    [InlineData("[]", "expected an object of namespaces, found an array")]
    [InlineData("{\"\": {\"entityTypes\": {}}}", "expected the member `actions`")]
    [InlineData("{\"\": {\"entityTypes\": {}, \"actions\": {}, \"x\": 1}}", "unknown member `x`")]
    [InlineData("{\"\": {\"entityTypes\": {\"A\": {\"shape\": {\"type\": \"Record\", \"additionalAttributes\": true}}}, \"actions\": {}}}", "not supported")]
    [InlineData("{\"\": {\"entityTypes\": {\"A\": {\"shape\": {\"type\": \"Long\"}}}, \"actions\": {}}}", "expected a record, found Long")]
    [InlineData("{\"\": {\"entityTypes\": {\"A B\": {}}, \"actions\": {}}}", "cannot be the name of a type")]
    [InlineData("{\"\": {\"entityTypes\": {}, \"actions\": {\"a\": {\"memberOf\": [{\"id\": \"b\"}]}}}}", "the action `b` is not declared")]
    [InlineData("{\"\": {\"annotations\": {\"a b\": \"\"}, \"entityTypes\": {}, \"actions\": {}}}", "`a b` cannot be the name of an annotation")]
    [InlineData("{\"\": {\"entityTypes\": {}, \"actions\": {\"a\": {\"appliesTo\": {\"principalTypes\": []}}}}}", "expected the member `resourceTypes`")]
    public void In_json_that_is_wrong_is_refused_with_the_place(string json, string expected) => Assert.Contains(expected, string.Join("\n", Schema.ParseJson(json).Faults), StringComparison.Ordinal);

    [Fact]
    public void In_json_may_refer_to_types_in_every_way_the_language_knows()
    {
        const string Json = """
            {"N": {"commonTypes": {"T": {"type": "Record", "attributes": {"n": {"type": "Long", "required": false}}}},
              "entityTypes": {"A": {"memberOfTypes": ["A"], "shape": {"type": "T"}, "tags": {"type": "EntityOrCommon", "name": "B"}},
                              "B": {"shape": {"type": "Record", "attributes": {"a": {"type": "Entity", "name": "N::A"}, "i": {"type": "Extension", "name": "ipaddr"}, "s": {"type": "Set", "element": {"type": "EntityOrCommon", "name": "__cedar::String"}}, "b": {"type": "Boolean"}}}}},
              "actions": {"a": {"appliesTo": null, "memberOf": null}, "b": {"memberOf": [{"id": "a"}, {"id": "a", "type": "N::Action"}], "appliesTo": {"principalTypes": ["A"], "resourceTypes": ["N::B"], "context": {"type": "T"}}}}}}
            """;
        var schema = Schema.ParseJson(Json).Require();
        Assert.Equal("{a: N::A, b: Bool, i: ipaddr, s: Set<String>}", schema.Find("N::B")!.Attributes.ToString());
        Assert.Equal("N::B", schema.Find("N::A")!.Tags!.ToString());
        Assert.Equal("{n?: Long}", schema.Find(Given.Uid("N::Action::\"b\""))!.Context.ToString());
    }
}
