using System.Text;
using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Host.Edge.Wire;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.McpServer.Tests.Edge;

public sealed class The_stdio_server
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private const string Meta = "\"_meta\":" + """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"}}""";

    private static string Call(string id, string tool, string arguments) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},{{{Meta}}}}}""";

    private static async Task WriteAsync(InProcessServer server, params IEnumerable<byte[]> pieces)
    {
        foreach (var piece in pieces)
        {
            await server.Input.WriteAsync(piece);
        }

        await server.Input.WriteAsync("\n"u8.ToArray());
        await server.Input.FlushAsync();
    }

    private static Task WriteAsync(InProcessServer server, string line) => WriteAsync(server, Encoding.UTF8.GetBytes(line));

    private static async Task<JsonElement> ReadAsync(StreamReader reader) =>
        JsonDocument.Parse((await reader.ReadLineAsync().WaitAsync(Deadline))!).RootElement;

    [Fact]
    public async Task Answers_each_bad_message_with_an_error_and_one_event_and_goes_on()
    {
        using var server = new TestServer([TestOperations.Echo]);
        await using var serving = new InProcessServer(server);
        using var reader = new StreamReader(serving.Output);
        byte[][] bad =
        [
            "not json"u8.ToArray(),
            Encoding.UTF8.GetBytes("[" + Call("1", "echo", """{"text":"a"}""") + "]"),
            Encoding.UTF8.GetBytes(Call("1", "echo", """{"text":"a","text":"b"}""")),
            Encoding.UTF8.GetBytes(Call("1", "echo", new string('[', 200) + new string(']', 200))),
            [.. Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":" """), 0xFF, .. "\"}}"u8.ToArray()],
        ];
        foreach (var line in bad)
        {
            await WriteAsync(serving, line);
            var error = await ReadAsync(reader);
            Assert.InRange(error.GetProperty("error").GetProperty("code").GetInt32(), -32700, -32600);
        }

        await WriteAsync(serving, Call("2", "echo", """{"text":"still here"}"""));
        Assert.Equal("still here", (await ReadAsync(reader)).GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(bad.Length, server.Trail.Records.Count(record => record.Kind == "event" && record.Entry.Operation == "message refused"));
        Assert.Equal(1, server.Trail.Records.Count(record => record.Kind == "begin"));
    }

    [Fact]
    public async Task Refuses_an_argument_of_10_MB_without_holding_it_and_takes_the_next_line()
    {
        using var server = new TestServer([TestOperations.Echo]);
        await using var serving = new InProcessServer(server);
        using var reader = new StreamReader(serving.Output);
        var writing = WriteAsync(serving, Enumerable.Repeat(Encoding.UTF8.GetBytes(new string('a', 1024 * 1024)), 10).Prepend("{\"jsonrpc\":\"2.0\",\"id\":1,\"x\":\""u8.ToArray()));
        var error = (await ReadAsync(reader)).GetProperty("error");
        await writing.WaitAsync(Deadline);
        Assert.Contains(MessageCheck.MostBytes.ToString(System.Globalization.CultureInfo.InvariantCulture), error.GetProperty("message").GetString(), StringComparison.Ordinal);
        await WriteAsync(serving, Call("2", "echo", """{"text":"b"}"""));
        Assert.Equal(2, (await ReadAsync(reader)).GetProperty("id").GetInt32());
        Assert.True((long?)server.Trail.Records[0].Entry.Arguments!["bytes"] > 10 * 1024 * 1024);
    }

    [Fact]
    public async Task Decides_again_on_the_retry_of_a_multi_round_trip_request()
    {
        using var server = new TestServer([TestOperations.Echo, TestOperations.Of<TestOperations.NoArgs>("propose_change", (_, _, _) => throw new InvalidOperationException("ran"), Tier.Draft)]);
        await using var serving = new InProcessServer(server);
        using var reader = new StreamReader(serving.Output);
        await WriteAsync(serving, $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"propose_change","requestState":"forged","inputResponses":{"x":{}},{{{Meta}}}}}""");
        Assert.Equal("tier", (await ReadAsync(reader)).GetProperty("result").GetProperty("_meta").GetProperty("mcp-infra/denied").GetProperty("guard").GetString());
    }

    [Fact]
    public async Task Cancels_what_runs_at_the_end_of_input_also_with_a_subscription_open()
    {
        var (began, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = TestOperations.Of<TestOperations.NoArgs>("slow", async (_, _, stop) =>
        {
            began.SetResult();
            using var registration = stop.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, stop);
            return Answer.Own("never");
        });
        using var server = new TestServer([slow]);
        await using var serving = new InProcessServer(server);
        using var reader = new StreamReader(serving.Output);
        await WriteAsync(serving, $$$"""{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},{{{Meta}}}}}""");
        Assert.Equal("notifications/subscriptions/acknowledged", (await ReadAsync(reader)).GetProperty("method").GetString());
        await WriteAsync(serving, Call("2", "slow", "{}"));
        await began.Task.WaitAsync(Deadline);
        await serving.Input.DisposeAsync();
        await serving.Serving.WaitAsync(Deadline);
        await cancelled.Task.WaitAsync(Deadline);
        Assert.Equal("cancelled", Assert.Single(server.Trail.Records, record => record.Kind == "end").Entry.Outcome);
    }

    [Fact]
    public async Task Ends_also_when_a_call_does_not_heed_being_cancelled()
    {
        var (began, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        var deaf = TestOperations.Of<TestOperations.NoArgs>("deaf", async (_, _, _) =>
        {
            began.SetResult();
            await never.Task;
            return Answer.Own("never");
        });
        using var server = new TestServer([deaf]);
        await using var serving = new InProcessServer(server);
        await WriteAsync(serving, Call("1", "deaf", "{}"));
        await began.Task.WaitAsync(Deadline);
        await serving.Input.DisposeAsync();
        await serving.Serving.WaitAsync(Deadline);
    }

    [Fact]
    public async Task Lets_calls_in_flight_end_when_told_to_terminate_and_takes_no_more()
    {
        var (began, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = TestOperations.Of<TestOperations.NoArgs>("slow", async (_, _, stop) =>
        {
            began.SetResult();
            await go.Task.WaitAsync(stop);
            return Answer.Own("done");
        });
        using var server = new TestServer([slow, TestOperations.Echo]);
        await using var serving = new InProcessServer(server);
        using var reader = new StreamReader(serving.Output);
        await WriteAsync(serving, Call("1", "slow", "{}"));
        await began.Task.WaitAsync(Deadline);
        serving.Terminate();
        await WriteAsync(serving, Call("2", "echo", """{"text":"late"}"""));
        go.SetResult();
        Assert.Equal("done", (await ReadAsync(reader)).GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
        await serving.Serving.WaitAsync(Deadline);
        Assert.Equal(["slow"], server.Trail.Records.Where(record => record.Kind == "begin").Select(record => record.Entry.Operation));
    }

    [Fact]
    public async Task Answers_many_calls_at_once_each_with_its_own_answer()
    {
        using var server = new TestServer([TestOperations.Echo], Guardrails.Agents.BuiltInAgents.All["planner"] with { Budgets = new(CallsPerMinute: 5000) });
        await using var serving = new InProcessServer(server);
        await using var client = await serving.ConnectAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => client.CallAsync("echo", new { text = $"{number}" })));
        Assert.Equal(Enumerable.Range(0, 1000).Select(number => $"{number}"), answers.Select(answer => answer.Text));
    }
}
