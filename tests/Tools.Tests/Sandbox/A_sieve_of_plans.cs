using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>What comes back of a plan's JSON: all that changes, whatever its size and however it is cut into pieces, and of the rest a hash and a count.</summary>
public sealed class A_sieve_of_plans
{
    private const string Plan = """
        { "format_version":"1.2", "timestamp" : "x", "planned_values":{"root_module":{"resources":[{"address":"a.b","mode":"managed"}]}},
          "resource_drift": null, "resource_changes":[
            {"address":"a.same","change":{"actions":["no-op"],"before":{"x":1},"after":{"x":1}}},
            {"address":"a.moved","previous_address":"a.old","change":{"actions":["no-op"]}},
            {"address":"a.hidden","change":{"before":{"actions":["no-op"]},"actions":["update"],"after":{"change":{"actions":["no-op"]},"note":"\"actions\":[\"no-op\"]"}}},
            {"address":"a.replaced","change":{"actions":["delete","create"]}} ],
          "prior_state":{"values":{"root_module":{"resources":[{"address":"a.one","mode":"managed","values":{"mode":"managed","address":"x"}},{"address":"a.two","mode":"data"}],"child_modules":[{"resources":[{"address":"m.a.three","mode":"managed"}]}]}}},
          "configuration":{"root_module":{}}, "checks":[1,[2,3],{"a":[]}], "complete":true }
        """;

    [Fact]
    public async Task Keeps_what_changes_and_counts_what_it_leaves_out()
    {
        var kept = JsonNode.Parse((await SiftAsync(Plan)).Bytes)!.AsObject();
        Assert.Equal(["format_version", "timestamp", "resource_drift", "resource_changes", "configuration", "checks", "complete", "left_out"], kept.Select(one => one.Key));
        Assert.Equal(["a.moved", "a.hidden", "a.replaced"], kept["resource_changes"]!.AsArray().Select(one => one!["address"]!.GetValue<string>()));
        Assert.Equal(2, kept["left_out"]!["managed"]!.GetValue<int>());
        Assert.Equal("""[1,[2,3],{"a":[]}]""", kept["checks"]!.ToJsonString());
    }

    [Fact]
    public void Is_the_same_however_the_bytes_come() => Gen.Int[1, 40].Sample(
        size => Assert.Equal(SiftAsync(Plan).Result.Bytes, SiftAsync(Plan, size).Result.Bytes), iter: 40);

    [Theory]
    [InlineData("\"x\":1", "\"x\":2")]
    [InlineData("\"mode\":\"data\"", "\"mode\":\"date\"")]
    [InlineData("a.b", "a.c")]
    public async Task Has_another_hash_when_what_it_leaves_out_is_other(string from, string to) =>
        Assert.NotEqual(Hash((await SiftAsync(Plan)).Bytes), Hash((await SiftAsync(Plan.Replace(from, to, StringComparison.Ordinal))).Bytes));

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("{\"resource_changes\":[{]}")]
    [InlineData("{\"resource_changes\":[{\"change\":{\"actions\":[\"no-op\"]}")]
    [InlineData("{\"a\":1}{\"a\":1}")]
    public async Task Passes_on_nothing_of_what_is_no_json(string said) => Assert.Empty((await SiftAsync(said)).Bytes);

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"resource_changes\":7}")]
    [InlineData("{\"resource_changes\":[1,[2],null,{\"change\":[]},{\"change\":{\"actions\":[1]}}]}")]
    [InlineData("{\"left_out\":{\"managed\":99},\"resource_changes\":{\"a\":{\"b\":[1,2]}}}")]
    public async Task Passes_on_json_that_is_no_plan_as_it_is(string said)
    {
        var kept = JsonNode.Parse((await SiftAsync(said)).Bytes);
        Assert.NotEqual(99, (kept as JsonObject)?["left_out"]?["managed"]?.GetValue<int>() ?? 0);
        if (JsonNode.Parse(said) is JsonObject asked && asked["resource_changes"] is { } changes)
        {
            Assert.Equal(changes.ToJsonString(), kept!["resource_changes"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task Reads_far_more_than_it_keeps_and_ends_when_it_would_keep_too_much()
    {
        var same = string.Concat(Enumerable.Repeat("""{"address":"a","change":{"actions":["no-op"],"before":{"x":"0123456789012345678901234567890123456789"}}},""", 50_000));
        Assert.InRange((await SiftAsync($"{{\"resource_changes\":[{same}{{\"change\":{{\"actions\":[\"create\"]}}}}]}}")).Bytes.Length, 1, 1000);
        Assert.True((await SiftAsync($"{{\"resource_changes\":[{same.Replace("no-op", "update", StringComparison.Ordinal)}1]}}", most: 1 << 20)).Cut);
        Assert.True((await SiftAsync($"{{\"resource_changes\":[[{same}1]]}}", most: 1 << 20)).Cut);
    }

    private static string Hash(byte[] kept) => JsonNode.Parse(kept)!["left_out"]!["hash"]!.GetValue<string>();

    private static Task<Captured> SiftAsync(string said, int size = int.MaxValue, int most = 64 << 20) => PlanSieve.ReadAsync(new Pieces(Encoding.UTF8.GetBytes(said), size), most);

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer.Length > size ? buffer[..size] : buffer, cancellationToken);
    }
}
