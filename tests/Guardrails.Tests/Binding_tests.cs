using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using McpInfra.Guardrails.Binding;
using Xunit;

namespace McpInfra.Guardrails.Tests;

public sealed class Binding_is_strict
{
    public enum Direction
    {
        Impact,
        DependsOn,
    }

    public sealed record Edit(string Path, string? Content = null);

    public sealed record Args(string Resource, Direction Direction = Direction.Impact, [Range(1, 6)] int Depth = 3, IReadOnlyList<Edit>? Edits = null, bool? Managed = null);

    private static Bound Bind(string json) => Binder<Args>.Bind(JsonDocument.Parse(json).RootElement);

    [Fact]
    public void Defaults_fill_what_is_absent() =>
        Assert.Equal(new Args("x"), Bind("""{"resource":"x"}""").Arguments);

    [Fact]
    public void Every_form_binds()
    {
        var args = (Args)Bind("""{"resource":"x","direction":"depends_on","depth":6,"edits":[{"path":"a"}],"managed":true}""").Arguments!;
        Assert.Equal((Direction.DependsOn, 6, true, "a"), (args.Direction, args.Depth, args.Managed, args.Edits![0].Path));
    }

    [Theory]
    [InlineData("""{}""", "resource is missing")]
    [InlineData("""{"resource":1}""", "resource must be a string")]
    [InlineData("""{"resource":"x","evil":1}""", "arguments has an unknown key; allowed are resource, direction, depth, edits, managed")]
    [InlineData("""{"resource":"x","direction":"impact, depends_on"}""", "direction must be one of impact, depends_on")]
    [InlineData("""{"resource":"x","direction":0}""", "direction must be one of impact, depends_on")]
    [InlineData("""{"resource":"x","depth":7}""", "depth must be a whole number from 1 to 6")]
    [InlineData("""{"resource":"x","depth":1.5}""", "depth must be a whole number from 1 to 6")]
    [InlineData("""{"resource":"x","edits":[{"path":"a","evil":1}]}""", "edits[0] has an unknown key; allowed are path, content")]
    [InlineData("""{"resource":"a\u0000"}""", "resource must not contain NUL")]
    [InlineData("""[]""", "arguments must be an object")]
    public void Misfits_are_named_without_echo(string json, string fault) => Assert.Equal(fault, Bind(json).Fault);

    [Fact]
    public void The_schema_is_closed_and_lists_what_is_required()
    {
        Assert.False(Binder<Args>.Schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal("resource", Binder<Args>.Schema.GetProperty("required")[0].GetString());
    }
}
