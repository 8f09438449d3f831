using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.Host.Edge.Http;
using McpInfra.Host.Edge.Wire;
using McpInfra.Host.Settings;
using McpInfra.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace McpInfra.McpServer.Tests.Edge;

public sealed class The_HTTP_server
{
    private const string Discover =
        """{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""";

    private static readonly Operation Draft = TestOperations.Of<TestOperations.NoArgs>("propose_change", (_, _, _) => new(Answer.Own("proposed")), Tier.Draft);

    public static TheoryData<string> Eras => [RealClient.PerRequest, RealClient.Initialize, "2025-06-18"];

    private static HttpRequestMessage Post(TestHttpServer server, string body, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, server.Endpoint) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? server.Token);
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "server/discover");
        return request;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using var http = new HttpClient();
        return await http.SendAsync(request);
    }

    [Theory, MemberData(nameof(Eras))]
    public async Task Serves_every_era_on_one_address(string era)
    {
        using var test = new TestServer([TestOperations.Echo, Draft]);
        await using var server = await TestHttpServer.StartAsync(test);
        await using var client = await server.ConnectAsync(era);
        Assert.Equal(["echo"], await client.ToolsAsync());
        Assert.Equal("hello", (await client.CallAsync("echo", new { text = "hello" })).Text);
        Assert.Equal("tier", (await client.CallAsync("propose_change")).Guard);
        Assert.Equal(($"token:{Environment.UserName}", "test-client"), (test.Trail.Records[0].Entry.Person, test.Trail.Records[0].Entry.Client));
    }

    [Fact]
    public async Task Gives_a_client_that_connects_again_no_new_session_to_spend()
    {
        using var test = new TestServer([TestOperations.Echo], BuiltInAgents.All["planner"] with { Budgets = new(Calls: 2) });
        await using var server = await TestHttpServer.StartAsync(test);
        string?[] guards = ["", "", ""];
        foreach (var (attempt, era) in new[] { RealClient.Initialize, RealClient.Initialize, RealClient.PerRequest }.Index())
        {
            await using var client = await server.ConnectAsync(era);
            guards[attempt] = (await client.CallAsync("echo", new { text = "hello" })).Guard;
        }

        Assert.Equal([null, null, "budget"], guards);
    }

    [Fact]
    public async Task Lets_in_only_the_bearer_of_its_token()
    {
        using var test = new TestServer([TestOperations.Echo]);
        await using var server = await TestHttpServer.StartAsync(test);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Post(server, Discover))).StatusCode);
        foreach (var token in new[] { "", "wrong", server.Token[..^1], server.Token + "0" })
        {
            var refused = await SendAsync(Post(server, Discover, token));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Bearer", Assert.Single(refused.Headers.WwwAuthenticate).Scheme);
            Assert.Contains("Send the header", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        var without = Post(server, Discover);
        without.Headers.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(without)).StatusCode);
    }

    [Theory]
    [InlineData("Host", "evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://localhost", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:{port}.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:{port}", HttpStatusCode.OK)]
    [InlineData("Host", "localhost:{port}", HttpStatusCode.OK)]
    public async Task Lets_in_only_its_own_host_and_origin(string header, string value, HttpStatusCode status)
    {
        using var test = new TestServer([TestOperations.Echo]);
        await using var server = await TestHttpServer.StartAsync(test);
        var request = Post(server, Discover);
        request.Headers.TryAddWithoutValidation(header, value.Replace("{port}", $"{server.Endpoint.Port}", StringComparison.Ordinal));
        var response = await SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Assert.NotEmpty(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain(response.Headers, sent => sent.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Checks_the_bytes_of_a_body_before_anything_parses_it()
    {
        using var test = new TestServer([TestOperations.Echo]);
        await using var server = await TestHttpServer.StartAsync(test);
        foreach (var (body, code, status) in new[]
        {
            ("not json", -32700, HttpStatusCode.BadRequest),
            ($"[{Discover}]", -32600, HttpStatusCode.BadRequest),
            (Discover.Replace("\"id\":1", "\"id\":1,\"method\":\"tools/call\"", StringComparison.Ordinal), -32600, HttpStatusCode.BadRequest),
            (Discover.Replace("\"params\":", $"\"params\":{new string('[', 200)}{new string(']', 200)},\"x\":", StringComparison.Ordinal), -32600, HttpStatusCode.BadRequest),
            (new string('a', MessageCheck.MostBytes + 1), -32600, HttpStatusCode.RequestEntityTooLarge),
        })
        {
            var response = await SendAsync(Post(server, body));
            Assert.Equal(status, response.StatusCode);
            Assert.Equal(code, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("code").GetInt32());
        }

        Assert.Equal(5, test.Trail.Records.Count(record => record.Kind == "event"));
    }

    [Fact]
    public async Task Lets_calls_in_flight_end_before_it_stops()
    {
        var (began, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = TestOperations.Of<TestOperations.NoArgs>("slow", async (_, _, stop) =>
        {
            began.SetResult();
            await go.Task.WaitAsync(stop);
            return Answer.Own("done");
        });
        using var test = new TestServer([slow]);
        var server = await TestHttpServer.StartAsync(test);
        await using var client = await server.ConnectAsync();
        var calling = client.CallAsync("slow");
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var stopping = server.DisposeAsync();
        go.SetResult();
        Assert.Equal("done", (await calling).Text);
        await stopping;
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080", "loopback only")]
    [InlineData("http://192.168.1.1:8080", "loopback only")]
    [InlineData("http://[::]:8080", "loopback only")]
    [InlineData("http://example.com", "loopback only")]
    [InlineData("https://127.0.0.1:8080", "TLS is not served")]
    [InlineData("http://user:secret@127.0.0.1:8080", "without query, fragment or user")]
    public async Task Refuses_to_start_elsewhere_and_says_why(string url, string why)
    {
        using var test = new TestServer([]);
        var refused = await Assert.ThrowsAsync<SettingsException>(() =>
            HttpHost.RunAsync(test.Edge, new HttpOptions(new Uri(url), test.StateFolder), (_, _) => { }, NullLoggerFactory.Instance, default));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(test.StateFolder));
    }

    [Fact]
    public async Task Says_that_a_port_is_taken()
    {
        using var test = new TestServer([]);
        await using var first = await TestHttpServer.StartAsync(test);
        var refused = await Assert.ThrowsAsync<SettingsException>(() =>
            HttpHost.RunAsync(test.Edge, new HttpOptions(new Uri($"http://127.0.0.1:{first.Endpoint.Port}"), test.StateFolder), (_, _) => { }, NullLoggerFactory.Instance, default));
        Assert.Contains("is taken", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_one_token_that_only_its_owner_reads()
    {
        using var test = new TestServer([]);
        var path = BearerToken.Of(test.StateFolder).Path;
        var token = File.ReadAllText(path);
        BearerToken.Of(test.StateFolder);
        Assert.Equal((64, token), (token.Length, File.ReadAllText(path)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            Assert.Contains("can be read by others", Assert.Throws<SettingsException>(() => BearerToken.Of(test.StateFolder)).Message, StringComparison.Ordinal);
        }
    }
}
