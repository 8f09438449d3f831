using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.Host.Edge;
using McpInfra.Host.Edge.Prompts;
using McpInfra.TestKit;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Xunit;

namespace McpInfra.McpServer.Tests.Edge;

public sealed class The_edge
{
    private static readonly Operation Describe = TestOperations.Of<DescribeArgs>(
        "describe_resource", (args, _, _) => new(args.Resource == "gone" ? Answer.Fault("There is no such resource.") : Answer.Own($"described {args.Resource}")));

    private static readonly Operation Search = TestOperations.Of<TestOperations.NoArgs>("search_resources", (_, _, _) => new(Answer.Own("found") with { Structured = new JsonObject { ["total"] = 1 } }));

    private static readonly Operation Draft = TestOperations.Of<TestOperations.NoArgs>("propose_change", (_, _, _) => new(Answer.Own("proposed")), Tier.Draft);

    private static readonly Operation Complete = CompleteOperation.Over((_, prefix, most, _) =>
        new([.. new[] { "vpc-1", "vpc-2", "sg-1" }.Where(id => id.StartsWith(prefix, StringComparison.Ordinal)).Take(most)]));

    public sealed record DescribeArgs(string Resource);

    public static TheoryData<string> Eras => [RealClient.PerRequest, RealClient.Initialize];

    private static TestServer Server(AgentType? agent = null) => new([TestOperations.Echo, Describe, Search, Draft, Complete, .. InfraPrompts.All], agent);

    [Theory, MemberData(nameof(Eras))]
    public async Task Lists_what_may_be_called_and_nothing_else(string era)
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync(era);
        Assert.Equal(["echo", "describe_resource", "search_resources"], await client.ToolsAsync());
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task Answers_a_call_and_records_one_begin_and_one_end(string era)
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync(era);
        var answer = await client.CallAsync("echo", new { text = "hello" });
        Assert.Equal(("hello", false), (answer.Text, answer.IsError));
        Assert.Equal(["begin", "end"], server.Trail.Records.Select(record => record.Kind));
        var begin = server.Trail.Records[0].Entry;
        Assert.Equal((Environment.UserName, "test-client", "echo"), (begin.Person, begin.Client, begin.Operation));
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task Says_a_refusal_as_the_contract_says(string era)
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync(era);
        var answer = await client.CallAsync("propose_change");
        var audit = server.Trail.Records[0].Entry.Call;
        Assert.True(answer.IsError);
        Assert.Equal("tier", answer.Guard);
        Assert.Equal(("block", audit), ((string?)answer.Denied!["severity"], (string?)answer.Denied["audit"]));
        Assert.Equal($"Denied by tier: {answer.Denied["rule"]}. {answer.Denied["remedy"]}. Audit {audit}.", answer.Text);
        Assert.Equal(["guard", "rule", "severity", "remedy", "audit"], answer.Denied.Select(property => property.Key));
    }

    [Theory]
    [InlineData("no_such_tool", "{}", "allowlist")]
    [InlineData("", "{}", "allowlist")]
    [InlineData("echo", """{"text":1}""", "bind")]
    [InlineData("echo", """{"text":"a","evil":true}""", "bind")]
    [InlineData("echo", """{"text":"a\u0000b"}""", "bind")]
    public async Task Refuses_by_the_pipeline_what_a_client_gets_wrong(string tool, string arguments, string guard)
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync();
        var answer = await client.CallAsync(tool, JsonNode.Parse(arguments));
        Assert.Equal(guard, answer.Guard);
        Assert.Equal(["begin", "end"], server.Trail.Records.Select(record => record.Kind));
    }

    [Fact]
    public async Task Sends_structured_content_only_to_those_that_ask()
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync();
        Assert.Null((await client.CallAsync("search_resources")).Structured);
        Assert.Equal(1, (await client.CallAsync("search_resources", structured: true)).Structured!.Value.GetProperty("total").GetInt32());
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task Reads_a_resource_through_the_operation_that_governs_it(string era)
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync(era);
        Assert.Contains(await client.Client.ListResourceTemplatesAsync(), template => template.UriTemplate == "infra://resource/{id}");
        var read = await client.Client.ReadResourceAsync("infra://resource/arn%3Aaws%3As3%3A%3A%3Ab%2Fc");
        Assert.Equal("described arn:aws:s3:::b/c", Assert.IsType<TextResourceContents>(Assert.Single(read.Contents)).Text);
        Assert.Equal("describe_resource", server.Trail.Records[0].Entry.Operation);
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task Denies_the_resource_where_its_operation_is_denied(string era)
    {
        using var server = Server(BuiltInAgents.All["planner"] with { Deny = ["describe_resource"] });
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync(era);
        Assert.DoesNotContain(await client.Client.ListResourceTemplatesAsync(), template => template.UriTemplate == "infra://resource/{id}");
        var refused = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.Client.ReadResourceAsync("infra://resource/x"));
        Assert.Equal(-32003, (int)refused.ErrorCode);
        Assert.StartsWith("Request failed (remote): Denied by allowlist: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal("allowlist", refused.Data["guard"]?.ToString());
    }

    [Fact]
    public async Task Says_a_fault_of_a_resource_as_an_error_without_a_refusal()
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync();
        var fault = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.Client.ReadResourceAsync("infra://resource/gone"));
        Assert.Equal(McpErrorCode.InvalidParams, fault.ErrorCode);
        Assert.EndsWith("There is no such resource.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_an_unknown_resource_and_records_what_was_asked()
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync();
        await Assert.ThrowsAsync<McpProtocolException>(async () => await client.Client.ReadResourceAsync("file:///etc/passwd"));
        Assert.Equal("file:///etc/passwd", server.Trail.Records[0].Entry.Operation);
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task Gives_prompts_with_what_was_filled_in(string era)
    {
        using var server = Server(BuiltInAgents.All["planner"] with { Allow = ["blast_radius", "describe_resource", "trace_resources"] });
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync(era);
        var listed = Assert.Single(await client.Client.ListPromptsAsync());
        Assert.Equal(("blast_radius", "resource", true), (listed.Name, listed.ProtocolPrompt.Arguments![0].Name, listed.ProtocolPrompt.Arguments[0].Required));
        var prompt = await client.Client.GetPromptAsync("blast_radius", new Dictionary<string, object?> { ["resource"] = "vpc-1" });
        Assert.Contains("resource: vpc-1", Assert.IsType<TextContentBlock>(Assert.Single(prompt.Messages).Content).Text, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.Client.GetPromptAsync("explore"));
        Assert.Equal(-32003, (int)refused.ErrorCode);
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task Completes_ids_only_where_searching_is_allowed(string era)
    {
        var template = new ResourceTemplateReference { Uri = "infra://resource/{id}" };
        using (var server = Server())
        {
            await using var serving = new InProcessServer(server);
            await using var client = await serving.ConnectAsync(era);
            Assert.Equal(["vpc-1", "vpc-2"], (await client.Client.CompleteAsync(template, "id", "vpc")).Completion.Values);
        }

        using (var server = Server(BuiltInAgents.All["planner"] with { Deny = ["search_resources"] }))
        {
            await using var serving = new InProcessServer(server);
            await using var client = await serving.ConnectAsync(era);
            var refused = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.Client.CompleteAsync(template, "id", "vpc"));
            Assert.Equal(-32003, (int)refused.ErrorCode);
        }
    }

    [Fact]
    public async Task Stops_everything_when_frozen()
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync();
        server.Freeze.Begin("test");
        Assert.Equal("identity", (await client.CallAsync("echo", new { text = "hello" })).Guard);
        Assert.Empty(await client.ToolsAsync());
    }

    [Fact]
    public async Task Refuses_when_the_trail_cannot_be_written()
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync();
        server.Trail.IsBroken = true;
        Assert.Equal("audit", (await client.CallAsync("echo", new { text = "hello" })).Guard);
    }

    [Fact]
    public void Tells_a_model_how_to_work_in_under_300_tokens() => Assert.InRange(Instructions.Text.Length / 4, 100, 299);
}
