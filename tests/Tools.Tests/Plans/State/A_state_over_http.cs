using System.Collections.Concurrent;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

/// <summary>The backend `http`, written by the real terraform and read by us.</summary>
public sealed class A_state_over_http
{
    private static StackSettings Bound(Uri address, string? login = null) => new(".")
    {
        Backend = new Dictionary<string, string> { ["address"] = address.ToString() }.Concat(login is null ? [] : new Dictionary<string, string> { ["username"] = login, ["secret_env"] = "STATE_PASSWORD" }).ToDictionary(),
    };

    private static string Code(Uri address) => Reading.Code($"  backend \"http\" {{\n    address = \"{address}\"\n    username = \"u\"\n    password = \"p\"\n  }}");

    [Fact]
    public async Task Is_read_with_the_operators_login_by_gets_alone()
    {
        await using var server = await Store.StartAsync();
        await Reading.WriteAsync(Code(server.Address));
        server.Requests.Clear();
        using var reading = new Reading(Code(server.Address), Bound(server.Address, "u"));
        reading.Secret("p");

        Assert.Contains("\"value\": \"default\"", await reading.TextAsync(), StringComparison.Ordinal);

        Assert.Equal([("GET", "Basic " + Convert.ToBase64String("u:p"u8))], server.Requests);
    }

    [Fact]
    public async Task Is_not_read_at_an_address_that_only_code_names()
    {
        await using var server = await Store.StartAsync();
        using var reading = new Reading(Code(server.Address));
        Assert.Contains("Add `address` to the stack's `backend`", await reading.FaultAsync(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Is_nothing_yet_where_the_server_has_none()
    {
        await using var server = await Store.StartAsync();
        using var reading = new Reading(Code(server.Address), Bound(server.Address));
        Assert.Null((await reading.StateAsync()).Bytes);
    }

    [Theory]
    [InlineData(401, "did not accept the credential")]
    [InlineData(403, "may not read")]
    [InlineData(302, "redirects are not followed")]
    [InlineData(503, "status 503")]
    [InlineData(418, "status 418")]
    public async Task Says_what_a_refusal_means(int status, string said)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://127.0.0.1:1/";
            return Task.CompletedTask;
        });
        using var reading = new Reading(Code(server.Endpoint), Bound(server.Endpoint));
        Assert.Contains(said, await reading.FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/user-data")]
    [InlineData("http://[::ffff:169.254.169.254]/latest/user-data")]
    [InlineData("https://168.63.129.16/machine")]
    public async Task Nothing_is_asked_where_clouds_hand_out_identities(string address)
    {
        using var reading = new Reading(Code(new Uri(address)), Bound(new Uri(address)));
        Assert.Contains("forbidden address", await reading.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        await using var server = await LoopbackServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var reading = new Reading(Code(server.Endpoint), Bound(server.Endpoint)) { Limits = new() { Silence = TimeSpan.FromMilliseconds(200) } };
        Assert.Contains("does not answer", await reading.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_falls_silent_in_the_middle_is_given_up()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("{\"version\":4,");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var reading = new Reading(Code(server.Endpoint), Bound(server.Endpoint)) { Limits = new() { Silence = TimeSpan.FromMilliseconds(200) } };
        Assert.Contains("not to the end", await reading.FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_state_over_the_limit_is_refused_with_its_reason(bool tellsLength)
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentLength = tellsLength ? 3 << 20 : null;
            for (var piece = 0; piece < 3; piece++)
            {
                await context.Response.Body.WriteAsync(new byte[1 << 20]);
            }
        });
        using var reading = new Reading(Code(server.Endpoint), Bound(server.Endpoint)) { Limits = new() { Bytes = 2 << 20 } };
        Assert.Contains("larger than 2 MB", await reading.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_off_is_tried_again_and_a_cut_state_is_never_taken_for_one()
    {
        var tries = 0;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("{\"version\":4");
            await context.Response.Body.FlushAsync();
            Interlocked.Increment(ref tries);
            context.Abort();
        });
        using var reading = new Reading(Code(server.Endpoint), Bound(server.Endpoint));
        Assert.Contains("broke off", await reading.FaultAsync(), StringComparison.Ordinal);
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task A_body_that_is_not_the_one_of_its_checksum_is_refused()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers.ContentMD5 = Convert.ToBase64String(new byte[16]);
            return context.Response.WriteAsync("{}");
        });
        using var reading = new Reading(Code(server.Endpoint), Bound(server.Endpoint));
        Assert.Contains("checksum", await reading.FaultAsync(), StringComparison.Ordinal);
    }

    /// <summary>A server that keeps what is posted.</summary>
    internal sealed class Store : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, byte[]> kept = new();
        private LoopbackServer server = null!;

        public Uri Address => new(server.Endpoint, "/state/prod");

        public ConcurrentQueue<(string Method, string Login)> Requests { get; } = new();

        public static async Task<Store> StartAsync()
        {
            var store = new Store();
            store.server = await LoopbackServer.StartAsync(store.AnswerAsync);
            return store;
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            Requests.Enqueue((context.Request.Method, context.Request.Headers.Authorization.ToString()));
            if (context.Request.Method == "POST")
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                kept[context.Request.Path] = body.ToArray();
            }
            else if (kept.TryGetValue(context.Request.Path, out var state))
            {
                await context.Response.Body.WriteAsync(state);
            }
            else
            {
                context.Response.StatusCode = 404;
            }
        }
    }
}
