using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using McpInfra.Guardrails.Redaction;
using McpInfra.Tools.Plans.State;
using Xunit;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>What of a state may enter the sandbox.</summary>
public sealed class A_sanitized_state
{
    private const string Secret = "hunter2-correct-horse";

    private static readonly SecretTokens Tokens = new(new byte[32]);

    private static string Whole(string attributes, string sensitive = "[]", string outputs = "{}") => $$"""
        {"version":4,"terraform_version":"1.5.0","serial":3,"lineage":"l","outputs":{{outputs}},"resources":[
          {"module":"module.m","mode":"managed","type":"terraform_data","name":"x","provider":"p","instances":[{"index_key":"a","schema_version":0,"attributes":{{attributes}},"sensitive_attributes":{{sensitive}}}]}]}
        """;

    private static (string Text, SanitizedState State) Sanitized(string state)
    {
        var clean = StateSanitizer.Sanitize(StackState.Parse(Encoding.UTF8.GetBytes(state)), Tokens);
        return (Encoding.UTF8.GetString(clean.Bytes), clean);
    }

    [Theory]
    [InlineData("""{"v":"hunter2-correct-horse"}""", """[[{"type":"get_attr","value":"v"}]]""", "v")]
    [InlineData("""{"v":{"p":"hunter2-correct-horse"}}""", """[[{"type":"get_attr","value":"v"},{"type":"get_attr","value":"p"}]]""", "v.p")]
    [InlineData("""{"v":["a","hunter2-correct-horse"]}""", """[[{"type":"get_attr","value":"v"},{"type":"index","value":{"value":1,"type":"number"}}]]""", "v.1")]
    [InlineData("""{"v":{"k":"hunter2-correct-horse"}}""", """[[{"type":"get_attr","value":"v"},{"type":"index","value":{"value":"k","type":"string"}}]]""", "v.k")]
    [InlineData("""{"v":{"value":{"p":"hunter2-correct-horse"},"type":["object",{"p":"string"}]}}""", """[[{"type":"get_attr","value":"v"},{"type":"get_attr","value":"p"}]]""", "v.p")]
    [InlineData("""{"v":{"deep":["hunter2-correct-horse"]}}""", """[[{"type":"get_attr","value":"v"}]]""", "v.deep.0")]
    [InlineData("""{"master_password":"hunter2-correct-horse"}""", "[]", "master_password")]
    public void Holds_no_value_that_is_marked_or_named_as_secret(string attributes, string sensitive, string path)
    {
        var (text, state) = Sanitized(Whole(attributes, sensitive));
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.Contains(new MaskedValue("module.m.terraform_data.x[\"a\"]", path), state.Masked);
    }

    [Fact]
    public void Replaces_a_secret_wherever_else_it_stands()
    {
        var (text, _) = Sanitized(Whole(
            $$$"""{"other":"url://u:{{{Secret}}}@h","v":"{{{Secret}}}","output":{"value":{"p":"{{{Secret}}}"},"type":["object",{"p":"string"}]}}""", """[[{"type":"get_attr","value":"v"}]]"""));
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Holds_no_sensitive_output_nor_its_value_elsewhere()
    {
        var (text, state) = Sanitized(Whole($$"""{"v":"x {{Secret}} y"}""", outputs: $$$"""{"o":{"value":"{{{Secret}}}","type":"string","sensitive":true}}"""));
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.Contains(new MaskedValue("output", "o"), state.Masked);
    }

    [Fact]
    public void Holds_nothing_that_is_shaped_like_a_secret() =>
        Assert.DoesNotContain("ghp_", Sanitized(Whole("""{"v":"token ghp_abcdefghijklmnopqrstuvwxyz0123456789 end"}""")).Text, StringComparison.Ordinal);

    [Fact]
    public void Keeps_the_type_of_a_sensitive_number_and_truth()
    {
        var attributes = JsonNode.Parse(Sanitized(Whole("""{"n":4711,"t":true}""", """[[{"type":"get_attr","value":"n"}],[{"type":"get_attr","value":"t"}]]""")).Text)!["resources"]![0]!["instances"]![0]!["attributes"]!;
        Assert.Equal("{\"n\":0,\"t\":false}", attributes.ToJsonString());
    }

    [Fact]
    public void Leaves_everything_else_as_it_was()
    {
        var whole = Whole("""{"id":"vpc-1","list":[1,2.5,null,true],"map":{"a":"b"}}""");
        var (text, state) = Sanitized(whole);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(whole), JsonNode.Parse(text)));
        Assert.Empty(state.Masked);
    }

    [Fact]
    public void Drops_a_providers_own_bytes_when_they_look_like_a_secret()
    {
        var secret = Convert.ToBase64String("{\"token\":\"ghp_abcdefghijklmnopqrstuvwxyz0123456789\"}"u8);
        var plain = Convert.ToBase64String("{\"schema_version\":\"1\"}"u8);
        var whole = Whole("{}").Replace("\"sensitive_attributes\":[]", "\"sensitive_attributes\":[],\"private\":\"PRIVATE\"", StringComparison.Ordinal);
        Assert.DoesNotContain("private", Sanitized(whole.Replace("PRIVATE", secret, StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.Contains(plain, Sanitized(whole.Replace("PRIVATE", plain, StringComparison.Ordinal)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_the_same_when_sanitized_again() => Gen.String[Gen.Char.AlphaNumeric, 6, 40].Sample(
        value =>
        {
            var once = Sanitized(Whole($$"""{"v":"{{value}}","w":"a{{value}}b","password":"{{value}}"}""", """[[{"type":"get_attr","value":"v"}]]""")).Text;
            Assert.DoesNotContain(value, once, StringComparison.Ordinal);
            Assert.Equal(once, Sanitized(once).Text);
        },
        iter: 100);

    [Fact]
    public void Is_never_an_exception_of_another_kind_than_a_state_fault() => Gen.Int[0, 400].Sample(
        cut =>
        {
            var whole = Whole("""{"v":"x"}""", """[[{"type":"get_attr","value":"v"}]]""");
            try
            {
                Sanitized(whole.Remove(Math.Min(cut, whole.Length - 1), 1));
            }
            catch (StateException)
            {
                // A clear fault.
            }
        },
        iter: 400);
}
