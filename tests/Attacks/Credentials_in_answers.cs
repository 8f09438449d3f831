using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Attacks;

/// <summary>kubernetes-mcp-server#1415 and gcloud-mcp PR 419: a read returned a credential.</summary>
public sealed class Credentials_in_answers
{
    // In two halves, so that no scanner of repositories takes a test for a leak.
    private const string Token = "ya29." + "a0AfB_byC3kQ9xLm2VnT8wRz5YpJ7sHd4GfKe1UoXi6NqZc";
    private const string Key = "q8Zx3Lm7Vn2Tw9Rk5YpJ4sHd";

    private const string Kubeconfig = $"""
        apiVersion: v1
        kind: Config
        users:
        - name: admin
          user:
            password: {Key}
            token: {Token}
        """;

    public static TheoryData<string> Shapes => ["part", "own part", "fault", "structured", "source", "lines apart"];

    private static Answer Shaped(string shape) => shape switch
    {
        "part" => new Answer([new(Trust.Tenant, Kubeconfig, "kubeconfig")]),
        "own part" => Answer.Own(Kubeconfig),
        "fault" => Answer.Fault("It does not parse.", new Part(Trust.Tenant, Kubeconfig, "line 7")),
        "structured" => Answer.Own("x") with { Structured = new JsonObject { ["users"] = new JsonArray(new JsonObject { ["password"] = Key, ["token"] = Token }), [Token] = Kubeconfig } },
        "source" => new Answer([new(Trust.Tenant, "x", Token)]),
        _ => new Answer([new(Trust.Tenant, JsonSerializer.Serialize(new { text = Kubeconfig }), "log")]),
    };

    [Theory, MemberData(nameof(Shapes))]
    public async Task A_credential_is_masked_whatever_the_tier_and_wherever_it_stands(string shape)
    {
        foreach (var tier in new[] { Tier.Observe, Tier.Recommend })
        {
            await using var governed = await Governed.ServeAsync([TestOperations.Of<TestOperations.NoArgs>("export", (_, _, _) => new(Shaped(shape)), tier)]);
            var answer = await governed.Client.CallAsync("export", structured: true);
            var everything = JsonSerializer.Serialize(answer.Result);
            Assert.DoesNotContain(Token, everything, StringComparison.Ordinal);
            Assert.DoesNotContain(Key, everything, StringComparison.Ordinal);
            Assert.Equal(1, governed.Runs);
        }
    }

    [Fact]
    public async Task A_credential_in_arguments_never_reaches_the_trail()
    {
        await using var governed = await Governed.ServeAsync([TestOperations.Echo]);
        await governed.Client.CallAsync("echo", new { text = $"password = \"{Key}\" {Token}" });
        await governed.Client.CallAsync(Token, new { text = Token });
        var trail = string.Join('\n', governed.Trail.Records.Select(record => record.Entry.Operation + record.Entry.Arguments?.ToJsonString()));
        Assert.DoesNotContain(Token, trail, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, trail, StringComparison.Ordinal);
    }
}
