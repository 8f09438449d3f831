using System.Text;
using Xunit;

namespace McpInfra.Cedar.Tests.Entities;

public sealed class Entities_in_memory
{
    private static string Item(string id, params string[] parents) =>
        $$"""{"uid": {"type": "G", "id": "{{id}}"}, "attrs": {}, "parents": [{{string.Join(", ", parents.Select(parent => $$"""{"type": "G", "id": "{{parent}}"}"""))}}]}""";

    [Theory]
    [InlineData("a", "a")]
    [InlineData("b", "c")]
    public void With_a_cycle_are_refused(string first, string second)
    {
        var json = first == second ? $"[{Item(first, second)}]" : $"[{Item("a", first)}, {Item(first, second)}, {Item(second, first)}]";
        Assert.Contains("cycle", Assert.Single(EntityStore.Parse(json).Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void May_share_parents_and_be_a_very_long_chain()
    {
        var entities = EntityStore.From(Enumerable.Range(0, 100_000).Select(index => new Entity(new("G", $"{index}"), parents: [new("G", $"{index + 1}")]))).Require();
        Assert.Equal(Decision.Allow, Given.Decide("permit(principal in G::\"100000\", action, resource);", Given.Request(principal: "G::\"0\""), entities).Decision);
        Assert.Empty(EntityStore.Parse($"[{Item("a", "b", "c")}, {Item("b", "d")}, {Item("c", "d", "b")}, {Item("d")}]").Faults);
    }

    [Fact]
    public void Of_one_name_must_be_the_same()
    {
        Assert.Empty(EntityStore.Parse($"[{Item("a", "b")}, {Item("a", "b")}]").Faults);
        Assert.Contains("two different entities", Assert.Single(EntityStore.Parse($"[{Item("a", "b")}, {Item("a")}]").Faults).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "1:1: not JSON")]
    [InlineData("{}", "1:1: expected an array of entities, found an object")]
    [InlineData("[{}]", "1:2: expected the member `uid`")]
    [InlineData("[\n 1]", "2:2: expected an object with `uid`, found a number")]
    [InlineData("[{\"uid\": {\"type\": \"A B\", \"id\": \"\"}, \"attrs\": {}, \"parents\": []}]", "expected the name of an entity type")]
    [InlineData("[{\"uid\": {\"type\": \"A\", \"id\": \"\"}, \"attrs\": {\"a\": null}, \"parents\": []}]", "found null")]
    [InlineData("[{\"uid\": {\"type\": \"A\", \"id\": \"\"}, \"attrs\": {\"a\": 1.5}, \"parents\": []}]", "a number that is not a 64-bit integer")]
    [InlineData("[{\"uid\": {\"type\": \"A\", \"id\": \"\"}, \"attrs\": {\"a\": 9223372036854775808}, \"parents\": []}]", "a number that is not a 64-bit integer")]
    [InlineData("[{\"uid\": {\"type\": \"A\", \"id\": \"\"}, \"attrs\": {\"a\": 1, \"a\": 2}, \"parents\": []}]", "the member `a` is given twice")]
    [InlineData("[{\"uid\": {\"type\": \"A\", \"id\": \"\"}, \"attrs\": {\"a\": {\"__extn\": {\"fn\": \"ip\", \"arg\": \"x\"}}}, \"parents\": []}]", "the argument of `ip` is not of its form")]
    [InlineData("[{\"uid\": {\"type\": \"A\", \"id\": \"\\ud800\"}, \"attrs\": {}, \"parents\": []}]", "paired escapes")]
    [InlineData("[,]", "not JSON")]
    public void That_are_wrong_are_refused_with_the_place(string json, string expected) => Assert.Contains(expected, Assert.Single(EntityStore.Parse(json).Faults).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Nested_a_million_deep_are_refused() =>
        Assert.NotEmpty(EntityStore.Parse(string.Concat(Enumerable.Repeat("[", 1_000_000))).Faults);

    [Fact]
    public void Of_fifty_megabytes_are_read()
    {
        var json = new StringBuilder("[");
        for (var index = 0; json.Length < 50_000_000; index++)
        {
            json.Append(index == 0 ? "" : ",").Append(Item($"{index}", "top"));
        }

        Assert.True(EntityStore.Parse(json.Append(']').ToString()).Require().All.Count > 400_000);
    }

    [Fact]
    public void Hold_every_kind_of_value()
    {
        const string Json = """
            [{"uid": {"__entity": {"type": "A::B", "id": "x"}}, "attrs": {
                "n": -3, "s": "t", "b": true, "l": [1, 1, "a"], "r": {"__entity": 1, "k": {}}, "e": {"__entity": {"type": "A", "id": "y"}},
                "d": {"__extn": {"fn": "decimal", "arg": "1.50"}}, "t": {"__extn": {"fn": "offset", "args": [{"__extn": {"fn": "datetime", "arg": "1970-01-01"}}, {"__extn": {"fn": "duration", "arg": "5ms"}}]}}
              }, "parents": [], "tags": {"k": "v"}}]
            """;
        var entity = Assert.Single(EntityStore.Parse(Json).Require().All);
        Assert.Equal(
            "{b: true, d: decimal(\"1.5\"), e: A::\"y\", l: [1, \"a\"], n: -3, r: {__entity: 1, k: {}}, s: \"t\", t: datetime(\"1970-01-01T00:00:00.005Z\")}",
            Value.Of(entity.Attributes).ToString());
        Assert.Equal("{k: \"v\"}", Value.Of(entity.Tags).ToString());
    }
}
