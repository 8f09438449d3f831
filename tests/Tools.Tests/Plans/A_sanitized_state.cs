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
    public void Holds_nothing_that_the_providers_schema_marks_however_deep()
    {
        var schema = SensitiveSchema.Read("""
            {"format_version":"1.0","provider_schemas":{"example.com/a/b":{"provider":{},"resource_schemas":{"x_thing":{"version":0,"block":{
              "attributes":{"plain":{"type":"string"},"code":{"type":"string","sensitive":true},"once":{"type":"string","write_only":true},
                "nested":{"nested_type":{"attributes":{"code":{"type":"string","sensitive":true}},"nesting_mode":"map"}}},
              "block_types":{"part":{"nesting_mode":"list","block":{"attributes":{"code":{"type":"number","sensitive":true},"open":{"type":"string"}}}}}}}}}}}
            """u8);
        var whole = Whole("""{"plain":"shown","code":"first-one","once":"second-one","nested":{"k":{"code":"third-one"}},"part":[{"code":4711,"open":"say third-one"}],"odd":"4711"}""")
            .Replace("\"type\":\"terraform_data\"", "\"type\":\"x_thing\"", StringComparison.Ordinal).Replace("\"provider\":\"p\"", "\"provider\":\"module.m.provider[\\\"example.com/a/b\\\"].west\"", StringComparison.Ordinal);
        var clean = StateSanitizer.Sanitize(StackState.Parse(Encoding.UTF8.GetBytes(whole)), Tokens, schema);
        var text = Encoding.UTF8.GetString(clean.Bytes);
        Assert.All(["first-one", "second-one", "third-one"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.Contains("\"plain\":\"shown\"", text, StringComparison.Ordinal);
        Assert.Contains("\"code\":0", text, StringComparison.Ordinal);
        Assert.Equal(["code", "nested.k.code", "once", "part.0.code", "part.0.open"], clean.Masked.Select(value => value.Path).Order());
    }

    [Fact]
    public void Gives_equal_secrets_equal_tokens_however_they_were_found()
    {
        var (text, _) = Sanitized(Whole(
            $$"""{"a":"{{Secret}}","password":"{{Secret}}","url":"db://u:{{Secret}}@h/x","other":"{{Secret}}"}""", """[[{"type":"get_attr","value":"a"}]]""",
            $$$"""{"o":{"value":"{{{Secret}}}","type":"string","sensitive":true}}"""));
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(text, @"\[secret:[a-z-]+:[0-9a-f]{8}\]").Select(match => match.Value).Distinct());
    }

    [Theory]
    [InlineData("pa\"ss\nword-7")]
    [InlineData("p@ss/wo rd+7")]
    [InlineData("<tag>&secret7")]
    public void Finds_a_secret_again_in_json_in_a_url_in_base64_and_in_gzip(string secret)
    {
        static string Gzip(string text)
        {
            using var kept = new MemoryStream();
            using (var zip = new System.IO.Compression.GZipStream(kept, System.IO.Compression.CompressionLevel.Optimal))
            {
                zip.Write(Encoding.UTF8.GetBytes(text));
            }

            return Convert.ToBase64String(kept.ToArray());
        }

        var attributes = new JsonObject
        {
            ["v"] = secret,
            ["json"] = new JsonObject { ["x"] = secret }.ToJsonString(),
            ["url"] = $"db://u:{Uri.EscapeDataString(secret)}@h",
            ["base64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"#!/bin/sh\necho '{secret}'")),
            ["gzip"] = Gzip($"#cloud-config\nx: '{secret}'"),
            ["map"] = new JsonObject { [secret] = 1 },
        };
        var clean = JsonNode.Parse(Sanitized(Whole(attributes.ToJsonString(), """[[{"type":"get_attr","value":"v"}]]""")).Text)!["resources"]![0]!["instances"]![0]!["attributes"]!.AsObject();
        Assert.All(["v", "base64", "gzip"], name => Assert.True(SecretTokens.IsToken(clean[name]!.GetValue<string>()), name));
        Assert.Contains("[secret:", clean["json"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("[secret:", clean["url"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(SecretTokens.IsToken(clean["map"]!.AsObject().Single().Key));
    }

    [Fact]
    public void Keeps_only_what_the_engine_reads()
    {
        var whole = Whole("{\"v\":\"x\"}").Replace("\"schema_version\":0", "\"schema_version\":0,\"note\":\"free text\",\"deposed\":\"00000001\"", StringComparison.Ordinal)
            .Replace("\"outputs\":", "\"check_results\":[{\"failure_messages\":[\"free text\"]}],\"more\":\"free text\",\"outputs\":", StringComparison.Ordinal);
        var (text, _) = Sanitized(whole);
        Assert.DoesNotContain("free text", text, StringComparison.Ordinal);
        Assert.Contains("00000001", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Holds_nothing_of_the_outputs_of_another_state()
    {
        var (text, _) = Sanitized(Whole($$$"""{"outputs":{"value":{"p":"{{{Secret}}}"},"type":["object",{"p":"string"}]}}""")
            .Replace("\"mode\":\"managed\",\"type\":\"terraform_data\"", "\"mode\":\"data\",\"type\":\"terraform_remote_state\"", StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"resources\":[],", "not a Terraform state")]
    [InlineData("\"encryption_version\":\"v0\",", "encrypted by its engine")]
    public void A_state_that_readers_would_take_differently_is_refused(string more, string said)
    {
        var whole = Whole("{}").Replace("{\"version\"", "{" + more + "\"version\"", StringComparison.Ordinal);
        Assert.Contains(said, Assert.Throws<StateException>(() => Sanitized(whole)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_any_shape_holds_no_planted_secret_and_keeps_its_shape() => Gen.Select(Gen.Int[0, 1_000_000], Gen.String[Gen.Char["abcXYZ0189+/= \"'<&é\n"], 8, 24]).Sample(
        (seed, secret) =>
        {
            var (planted, random) = ($"q7{secret}", new Random(seed));
            var attributes = new JsonObject { ["marked"] = planted };
            for (var at = 0; at < 6; at++)
            {
                attributes[$"attribute{at}"] = Shape(random, planted, 3);
            }

            var whole = Whole(attributes.ToJsonString(), """[[{"type":"get_attr","value":"marked"}]]""");
            var (text, _) = Sanitized(whole);
            Assert.DoesNotContain(Strings(JsonNode.Parse(text)), said => said.Contains(planted, StringComparison.Ordinal));
            Assert.Equal(Kinds(JsonNode.Parse(whole)), Kinds(JsonNode.Parse(text)));
            Assert.Equal(text, Sanitized(text).Text);
        },
        iter: 300);

    private static JsonNode? Shape(Random random, string secret, int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => secret,
        1 => $"before {secret} after",
        2 => random.Next(100),
        3 => null,
        4 => new JsonObject { ["inner"] = $"a{secret}" }.ToJsonString(),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Shape(random, secret, depth - 1))]),
        6 => new JsonObject { ["value"] = Shape(random, secret, 0), ["type"] = "dynamic" },
        _ => new JsonObject(Enumerable.Range(0, random.Next(4)).Select(key => KeyValuePair.Create($"k{key}", Shape(random, secret, depth - 1)))),
    };

    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Strings(field.Value).Prepend(field.Key)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    private static string Kinds(JsonNode? node) => node switch
    {
        JsonObject fields => $"{{{string.Join(',', fields.Select(field => Kinds(field.Value)))}}}",
        JsonArray items => $"[{string.Join(',', items.Select(Kinds))}]",
        null => "null",
        _ => node.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False ? "truth" : node.GetValueKind().ToString(),
    };

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
