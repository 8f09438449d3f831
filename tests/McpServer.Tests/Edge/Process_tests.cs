using System.Text;
using System.Text.Json;
using McpInfra.Host.Edge.Wire;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.McpServer.Tests.Edge;

public sealed class The_mcp_infra_process
{
    private static string Request(int id, string method, string members = "") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"{{{method}}}","params":{{{{members}}}{{{ServerProcess.Meta}}}}}""";

    private static string Call(int id, string tool, string arguments = "{}") => Request(id, "tools/call", $"\"name\":\"{tool}\",\"arguments\":{arguments},");

    private static string? Guard(JsonElement answer) =>
        answer.GetProperty("result").TryGetProperty("_meta", out var meta) && meta.TryGetProperty("mcp-infra/denied", out var denied) ? denied.GetProperty("guard").GetString() : null;

    private static IReadOnlyList<JsonElement> Trail(ServerProcess server) =>
        [.. Directory.GetFiles(Path.Combine(server.State, "audit"), "*.jsonl").SelectMany(File.ReadLines).Select(line => JsonDocument.Parse(line).RootElement)];

    [Theory, InlineData(RealClient.PerRequest), InlineData(RealClient.Initialize)]
    public async Task Serves_a_real_client_over_stdio(string era)
    {
        var folder = Directory.CreateTempSubdirectory("mcp-infra-test-");
        try
        {
            await using var client = await RealClient.OverStdioAsync(
                ["serve"], folder.CreateSubdirectory("work").FullName, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = Path.Combine(folder.FullName, "state") }, era);
            Assert.Equal(("mcp-infra", true), (client.Client.ServerInfo?.Name, client.Client.ServerInstructions?.Contains("plan_change", StringComparison.Ordinal)));
            Assert.Contains("search_resources", await client.ToolsAsync());
            Assert.Equal("tier", (await client.CallAsync("propose_change", new { plan = "plan_x", title = "t", reason = "r" })).Guard);
            Assert.Equal("allowlist", (await client.CallAsync("apply")).Guard);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Lists_its_tools_in_under_12_KB_for_a_planner_and_16_KB_in_all()
    {
        foreach (var (agent, most) in new[] { ("planner", 12 * 1024), ("remediator", 16 * 1024) })
        {
            await using var server = ServerProcess.Start("serve", "--agent", agent);
            await server.WriteAsync(Request(1, "tools/list"));
            Assert.InRange(Encoding.UTF8.GetByteCount((await server.ReadAsync()).GetProperty("result").GetRawText()), 1000, most);
        }
    }

    [Fact]
    public async Task Answers_bad_input_with_a_clear_error_and_goes_on()
    {
        await using var server = ServerProcess.Start("serve");
        foreach (var bad in new[]
        {
            "hello",
            $"[{Call(1, "search_resources")}]",
            Call(1, "search_resources", """{"text":"a","text":"b"}"""),
            Call(1, "search_resources", new string('[', 200) + new string(']', 200)),
            Call(1, "search_resources", $$"""{"text":"{{new string('a', 10 * 1024 * 1024)}}"}"""),
        })
        {
            await server.WriteAsync(bad);
            var error = (await server.ReadAsync()).GetProperty("error");
            Assert.InRange(error.GetProperty("code").GetInt32(), -32700, -32600);
            Assert.DoesNotContain("   at ", error.GetRawText(), StringComparison.Ordinal);
        }

        await server.WriteAsync([.. Encoding.UTF8.GetBytes(Call(1, "search_resources", """{"text":"x""")), 0xC3, 0x28, .. "\"}}}\n"u8]);
        Assert.Equal(Unreadable.Encoding.Message, (await server.ReadAsync()).GetProperty("error").GetProperty("message").GetString());
        foreach (var (tool, arguments, guard) in new[]
        {
            ("no_such_tool", "{}", "allowlist"),
            ("search_resources", """{"evil":1}""", "bind"),
            ("search_resources", """{"text":7}""", "bind"),
            ("search_resources", """{"text":"a\u0000b"}""", "bind"),
            ("search_resources", "[]", "bind"),
        })
        {
            await server.WriteAsync(Call(2, tool, arguments));
            Assert.Equal(guard, Guard(await server.ReadAsync()));
        }

        server.EndInput();
        Assert.Equal((0, ""), await server.EndAsync());
        var kinds = Trail(server).Select(record => record.GetProperty("kind").GetString()).ToList();
        Assert.Equal((6, 5, 5), (kinds.Count(kind => kind == "event"), kinds.Count(kind => kind == "begin"), kinds.Count(kind => kind == "end")));
    }

    [Fact]
    public async Task Ends_at_the_end_of_input_with_a_subscription_open()
    {
        await using var server = ServerProcess.Start("serve");
        await server.WriteAsync(Request(1, "subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true},"));
        Assert.Equal("notifications/subscriptions/acknowledged", (await server.ReadAsync()).GetProperty("method").GetString());
        server.EndInput();
        Assert.Equal(0, (await server.EndAsync()).Exit);
    }

    [Fact]
    public async Task Ends_at_SIGTERM_and_closes_its_trail()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM");
        await using var server = ServerProcess.Start("serve");
        await server.WriteAsync(Call(1, "explain_access", """{"operation":"propose_change"}"""));
        Assert.Null(Guard(await server.ReadAsync()));
        await server.TerminateAsync();
        Assert.Equal((0, ""), await server.EndAsync());
        Assert.Equal(["begin", "end"], Trail(server).Select(record => record.GetProperty("kind").GetString()));
        await using var verify = ServerProcess.Start("audit", "verify", Path.Combine(server.State, "audit"), "--strict");
        Assert.Equal(0, (await verify.EndAsync()).Exit);
    }

    [Fact]
    public async Task Serves_over_HTTP_to_the_bearer_of_the_token_and_says_where_that_is()
    {
        await using var server = ServerProcess.Start("serve", "--http", "http://127.0.0.1:0");
        var words = (await server.ReadErrorAsync()).Split(' ');
        var (endpoint, file) = (new Uri(words.Single(word => word.StartsWith("http://", StringComparison.Ordinal)).TrimEnd(';')), words.Single(word => word.EndsWith("http-token", StringComparison.Ordinal)));
        foreach (var era in new[] { RealClient.PerRequest, RealClient.Initialize })
        {
            await using var client = await RealClient.OverHttpAsync(endpoint, File.ReadAllText(file), era);
            Assert.Contains("search_resources", await client.ToolsAsync());
        }

        await server.TerminateAsync();
        Assert.Equal((0, ""), await server.EndAsync());
        Assert.DoesNotContain(File.ReadAllText(file), server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_to_serve_others_than_this_machine()
    {
        await using var server = ServerProcess.Start("serve", "--http", "http://0.0.0.0:8080");
        Assert.Equal((2, ""), await server.EndAsync());
        Assert.Contains("loopback only", server.Errors, StringComparison.Ordinal);
    }
}
