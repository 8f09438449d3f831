using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Host.Edge;
using McpInfra.Host.Edge.Prompts;
using McpInfra.TestKit;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Xunit;

namespace McpInfra.McpServer.Tests.Edge;

/// <summary>A new version of the SDK that brings a method, a handler or a filter fails here until somebody has decided about it.</summary>
public sealed class No_handler_is_outside_the_pipeline
{
    private static readonly string[] Content =
        [RequestMethods.ToolsCall, RequestMethods.ResourcesRead, RequestMethods.PromptsGet, RequestMethods.CompletionComplete];

    private static readonly string[] Lists =
        [RequestMethods.ToolsList, RequestMethods.ResourcesList, RequestMethods.ResourcesTemplatesList, RequestMethods.PromptsList];

    private static readonly string[] Absent =
    [
        "resources/subscribe", "resources/unsubscribe", "logging/setLevel", "roots/list", "sampling/createMessage", RequestMethods.ElicitationCreate,
    ];

    public static TheoryData<string> ContentMethods => [.. Content];

    public static TheoryData<string> AbsentMethods => [.. Absent, "tasks/get", "tools/execute", "", "TOOLS/CALL"];

    private static Operation Of(OperationKind kind, string name) => TestOperations.Of<TestOperations.NoArgs>(name, (_, _, _) => new(Answer.Own("content")), kind: kind);

    private static TestServer Server() => new(
        [Of(OperationKind.Tool, "operation"), Of(OperationKind.Prompt, "operation"), Of(OperationKind.Resource, "operation"), CompleteOperation.Over((_, _, _, _) => new(["content"])) with { Needs = [] }],
        routes: [new ResourceRoute("test://operation", "operation", "For tests.", OperationKind.Resource, "operation")]);

    private static async Task<JsonNode> AskAsync(InProcessServer serving, string method, string? whole = null)
    {
        var request = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = method,
            ["params"] = new JsonObject
            {
                ["name"] = "operation",
                ["uri"] = "test://operation",
                ["ref"] = new JsonObject { ["type"] = "ref/resource", ["uri"] = "test://operation" },
                ["argument"] = new JsonObject { ["name"] = "id", ["value"] = "" },
                ["_meta"] = new JsonObject
                {
                    ["io.modelcontextprotocol/protocolVersion"] = RealClient.PerRequest,
                    ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
                },
            },
        };
        await serving.Input.WriteAsync(System.Text.Encoding.UTF8.GetBytes((whole ?? request.ToJsonString()) + "\n"));
        await serving.Input.FlushAsync();
        using var reader = new StreamReader(serving.Output, leaveOpen: true);
        return JsonNode.Parse((await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)))!)!;
    }

    [Theory]
    [InlineData(RequestMethods.Initialize)]
    [InlineData(RequestMethods.ServerDiscover)]
    public async Task What_the_server_declares_is_what_it_answers(string method)
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        var request = method == RequestMethods.Initialize
            ? """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"""
            : null;
        var declared = (await AskAsync(serving, method, request))["result"]!["capabilities"]!.AsObject();
        Assert.Equal(["completions", "prompts", "resources", "tools"], declared.Select(capability => capability.Key).Order());
    }

    [Fact]
    public void Every_method_that_the_SDK_knows_was_decided_about()
    {
        using var server = Server();
        var known = typeof(RequestMethods).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal([.. Content.Concat(Lists).Concat(McpEdge.OfProtocol).Concat(Absent).Order()], known.Order());
        Assert.Equal(Content.Concat(Lists).Order(), server.Edge.Methods.Order());
    }

    [Fact]
    public void The_SDK_holds_no_handler_no_collection_and_no_filter_but_the_edge()
    {
        using var server = Server();
        var options = server.Edge.Options(_ => new Peer("stdio", "test", "session", null));
        Assert.All(Properties(options.Handlers), property => Assert.Null(property.Value));
        Assert.All(Properties(options.Filters.Request), property => Assert.Empty(Assert.IsAssignableFrom<IEnumerable>(property.Value)));
        Assert.Equal(["Message", "Request"], Properties(options.Filters).Select(property => property.Name).Order());
        Assert.Equal(["IncomingFilters", "OutgoingFilters"], Properties(options.Filters.Message).Select(property => property.Name).Order());
        Assert.Single(options.Filters.Message.IncomingFilters);
        Assert.Single(options.Filters.Message.OutgoingFilters); // Completes what the SDK says of itself.
        Assert.Null(options.Capabilities);
        Assert.All(["ToolCollection", "PromptCollection", "ResourceCollection", "RequestHandlers"], name =>
            Assert.Null(typeof(McpServerOptions).GetProperty(name)!.GetValue(options)));
    }

    [Fact]
    public void Every_option_of_the_SDK_was_decided_about() =>
        Assert.Equal(
            [
                "Capabilities", "Filters", "Handlers", "InitializationTimeout", "KnownClientCapabilities", "KnownClientInfo", "MaxSamplingOutputTokens", "PromptCollection",
                "ProtocolVersion", "RequestHandlers", "ResourceCollection", "ScopeRequests", "ServerInfo", "ServerInstructions", "ToolCollection",
            ],
            typeof(McpServerOptions).GetProperties().Select(property => property.Name).Order());

    [Theory, MemberData(nameof(ContentMethods))]
    public async Task Content_comes_from_the_pipeline_alone(string method)
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        Assert.Contains("content", (await AskAsync(serving, method))["result"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["begin", "end"], server.Trail.Records.Select(record => record.Kind));
    }

    [Theory, MemberData(nameof(ContentMethods))]
    public async Task Nothing_is_answered_that_cannot_be_recorded(string method)
    {
        using var server = Server();
        server.Trail.IsBroken = true;
        await using var serving = new InProcessServer(server);
        var answer = await AskAsync(serving, method);
        Assert.Equal("audit", (string?)(answer["result"]?["_meta"]?["mcp-infra/denied"] ?? answer["error"]?["data"])?["guard"]);
        Assert.DoesNotContain("\"content\"}", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory, InlineData(RealClient.Initialize), InlineData(RealClient.PerRequest)]
    public async Task The_server_says_of_itself_what_it_answers_in_both_eras(string era)
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync(era);
        var said = client.Client.ServerCapabilities;
        Assert.True(said is { Tools: not null, Prompts: not null, Resources: not null, Completions: not null });
    }

    [Theory, MemberData(nameof(AbsentMethods))]
    public async Task Other_methods_do_not_exist(string method)
    {
        using var server = Server();
        await using var serving = new InProcessServer(server);
        Assert.Equal(-32601, (int?)(await AskAsync(serving, method))["error"]?["code"]);
        Assert.Empty(server.Trail.Records);
    }

    private static IEnumerable<(string Name, object? Value)> Properties(object of) =>
        of.GetType().GetProperties().Select(property => (property.Name, property.GetValue(of)));
}
