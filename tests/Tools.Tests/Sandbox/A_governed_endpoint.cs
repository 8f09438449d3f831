using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using McpInfra.TestKit;
using McpInfra.Tools.Sandbox.Egress;
using Microsoft.AspNetCore.Http;
using Xunit;
using Endpoint = McpInfra.Tools.Sandbox.Egress.Endpoint;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>Endpoints of a run's credential: TLS ends at the proxy, a gate decides each request, and what goes out is what the gate wrote.</summary>
public sealed class A_governed_endpoint
{
    private const string Host = "cloud.example.test";

    [Fact]
    public async Task Gets_what_the_gate_wrote_and_the_run_gets_its_answer()
    {
        await using var site = await Far.OpenAsync(async context => await context.Response.WriteAsync("hello"));
        await using var tunnel = await site.TunnelAsync();

        var answer = await tunnel.AskAsync(site.Get("/a?b", "X-Dummy: 1", "Connection: close"));

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("hello\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
        var heard = Assert.Single(site.Heard);
        Assert.Equal("GET /a?b real ", heard);
        var record = Assert.Single(site.Proxy.Records);
        Assert.Equal((true, 1L, "read"), (record.Allowed, record.Requests, record.Asked!.Action));
    }

    [Fact]
    public async Task Takes_many_requests_on_one_connection_and_counts_each()
    {
        await using var site = await Far.OpenAsync(async context => await context.Response.WriteAsync("ok"));
        await using var tunnel = await site.TunnelAsync();
        for (var turn = 0; turn < 5; turn++)
        {
            await tunnel.SendAsync(site.Post("/x", "body"));
            await tunnel.UntilAsync("0\r\n\r\n");
        }

        Assert.Equal(5, Assert.Single(site.Proxy.Records).Requests);
        Assert.All(site.Heard, heard => Assert.Equal("POST /x real body", heard));
    }

    [Fact]
    public async Task Is_never_tunnelled_even_when_egress_lists_it()
    {
        await using var site = await Far.OpenAsync(context => Task.CompletedTask);
        site.Proxy.Allow([new Endpoint(Host, site.Port)], site.Gate);
        await using var tunnel = await site.TunnelAsync();
        await tunnel.AskAsync(site.Get("/refuse", "Connection: close"));
        Assert.Empty(site.Heard);
        Assert.False(Assert.Single(site.Proxy.Records).Allowed);
    }

    [Fact]
    public async Task Is_refused_in_the_gates_words()
    {
        await using var site = await Far.OpenAsync(context => Task.CompletedTask);
        await using var tunnel = await site.TunnelAsync();
        Assert.EndsWith("\r\n\r\nnot a read\n", await tunnel.AskAsync(site.Get("/refuse", "Connection: close")), StringComparison.Ordinal);
        var record = Assert.Single(site.Proxy.Records);
        Assert.Equal((false, "not a read", "cloud"), (record.Allowed, record.Reason, record.Asked!.Service));
    }

    [Fact]
    public async Task Is_spoken_to_in_HTTP_1_1_which_is_all_that_TLS_offers()
    {
        await using var site = await Far.OpenAsync(context => Task.CompletedTask);
        await using (var tunnel = await site.TunnelAsync(protocols: [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]))
        {
            Assert.Equal(SslApplicationProtocol.Http11, tunnel.Protocol);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => site.TunnelAsync(protocols: [SslApplicationProtocol.Http2]));
        await using (var tunnel = await site.TunnelAsync())
        {
            Assert.StartsWith("HTTP/1.1 505 ", await tunnel.AskAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), StringComparison.Ordinal);
        }

        Assert.Contains(site.Proxy.Records, record => record.Reason.StartsWith("HTTP/2", StringComparison.Ordinal));
        Assert.Empty(site.Heard);
    }

    [Fact]
    public async Task Has_a_certificate_for_its_own_name_alone()
    {
        await using var site = await Far.OpenAsync(context => Task.CompletedTask);
        await Assert.ThrowsAnyAsync<Exception>(() => site.TunnelAsync(name: "other.example.test"));
        Assert.Contains(site.Proxy.Records, record => !record.Allowed && record.Reason.Contains("no TLS came about", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET http://other/ HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\nHost: {host}\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: other\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n")]
    [InlineData("GET /a#b HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    [InlineData("GET /a\\b HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding : chunked\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\n folded: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: h2c\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: {host}\r\nExpect: 200-ok\r\n\r\n")]
    [InlineData("GET  / HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    [InlineData("get / HTTP/1.1\r\nHost: {host}\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task Never_hears_a_request_that_two_readers_could_read_in_two_ways(string request)
    {
        await using var site = await Far.OpenAsync(context => Task.CompletedTask);
        await using var tunnel = await site.TunnelAsync();
        Assert.StartsWith("HTTP/1.1 400 ", await tunnel.AskAsync(request.Replace("{host}", $"{Host}:{site.Port}", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(site.Heard);
        Assert.False(Assert.Single(site.Proxy.Records).Allowed);
    }

    [Fact]
    public async Task Asks_a_run_that_waits_to_continue_only_when_the_body_is_wanted()
    {
        await using var site = await Far.OpenAsync(async context => await context.Response.WriteAsync("ok"));
        await using (var tunnel = await site.TunnelAsync())
        {
            await tunnel.SendAsync($"POST /x HTTP/1.1\r\nHost: {Host}:{site.Port}\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
            await tunnel.UntilAsync("HTTP/1.1 100 Continue\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200 ", await tunnel.AskAsync("body"), StringComparison.Ordinal);
        }

        await using (var tunnel = await site.TunnelAsync())
        {
            var refused = await tunnel.AskAsync($"PUT /refuse HTTP/1.1\r\nHost: {Host}:{site.Port}\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 403 ", refused, StringComparison.Ordinal);
            Assert.Contains("Connection: close", refused, StringComparison.Ordinal);
        }

        Assert.Equal("POST /x real body", Assert.Single(site.Heard));
    }

    [Fact]
    public async Task Takes_a_chunked_body()
    {
        await using var site = await Far.OpenAsync(async context => await context.Response.WriteAsync("ok"));
        await using var tunnel = await site.TunnelAsync();
        await tunnel.AskAsync($"POST /x HTTP/1.1\r\nHost: {Host}:{site.Port}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2;a=b\r\nbo\r\n2\r\ndy\r\n0\r\nX-Trailer: 1\r\n\r\n");
        Assert.Equal("POST /x real body", Assert.Single(site.Heard));
    }

    [Fact]
    public async Task Hears_nothing_of_a_body_that_no_read_needs()
    {
        await using var site = await Far.OpenAsync(context => Task.CompletedTask);
        await using var tunnel = await site.TunnelAsync();
        Assert.StartsWith("HTTP/1.1 413 ", await tunnel.AskAsync($"POST /x HTTP/1.1\r\nHost: {Host}:{site.Port}\r\nContent-Length: {5 << 20}\r\n\r\n"), StringComparison.Ordinal);
        Assert.Empty(site.Heard);
    }

    [Fact]
    public async Task Streams_a_large_answer_and_cuts_a_large_error()
    {
        await using var site = await Far.OpenAsync(async context =>
        {
            context.Response.StatusCode = context.Request.Path == "/error" ? 500 : 200;
            var piece = new byte[1 << 20];
            for (var left = 10; left > 0; left--)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            }
        });
        await using (var tunnel = await site.TunnelAsync())
        {
            Assert.True((await tunnel.AskAsync(site.Get("/large", "Connection: close"))).Length > 10 << 20);
        }

        await using (var tunnel = await site.TunnelAsync())
        {
            Assert.InRange((await tunnel.AskAsync(site.Get("/error", "Connection: close"))).Length, 64 << 10, 80 << 10);
        }
    }

    [Theory]
    [InlineData("https://attacker.example.test/", 502)]
    [InlineData("http://cloud.example.test/", 502)]
    [InlineData("/elsewhere", 302)]
    public async Task Leads_the_run_to_no_other_host(string location, int status)
    {
        await using var site = await Far.OpenAsync(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        await using var tunnel = await site.TunnelAsync();
        var answer = await tunnel.AskAsync(site.Get("/x", "Connection: close"));
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("attacker", answer, StringComparison.Ordinal);
        Assert.Single(site.Heard);
    }

    [Fact]
    public async Task Is_not_spoken_to_without_TLS_unless_the_operator_bound_it_so()
    {
        await using var site = await Far.OpenAsync(context => Task.CompletedTask);
        Assert.Contains("over TLS only", await site.PlainAsync(), StringComparison.Ordinal);
        await using var emulator = await LoopbackServer.StartAsync(async context => await context.Response.WriteAsync("plain"));
        site.Gate.Plain = true;
        Assert.EndsWith("plain\r\n0\r\n\r\n", await site.PlainAsync(emulator.Endpoint.Port), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_believed_when_no_known_authority_vouches_for_it()
    {
        await using var site = await Far.OpenAsync(context => Task.CompletedTask, trusted: false);
        await using var tunnel = await site.TunnelAsync();
        Assert.Contains("not to be trusted", await tunnel.AskAsync(site.Get("/x", "Connection: close")), StringComparison.Ordinal);
        Assert.Empty(site.Heard);
    }

    [Fact]
    public async Task Is_not_reached_at_a_forbidden_address()
    {
        await using var site = await Far.OpenAsync(context => Task.CompletedTask, address: "169.254.169.254");
        await using var tunnel = await site.TunnelAsync();
        Assert.Contains("forbidden address", await tunnel.AskAsync(site.Get("/x", "Connection: close")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_as_the_gate_rewrites_it()
    {
        await using var site = await Far.OpenAsync(async context => await context.Response.WriteAsync("the secret is hunter2"));
        await using var tunnel = await site.TunnelAsync();
        var answer = await tunnel.AskAsync(site.Get("/rewrite", "Connection: close"));
        Assert.EndsWith("\r\n\r\nTHE SECRET IS HUNTER2", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "\r\n\r\nNO HUNTER2 HERE")]
    [InlineData(10_000, "\r\n\r\nTHE ERROR IS TOO LONG TO BE HANDED ON.\n")]
    public async Task Has_its_errors_rewritten_too_and_never_half(int times, string ending)
    {
        await using var site = await Far.OpenAsync(async context =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync(string.Concat(Enumerable.Repeat("no hunter2 here", times)));
        });
        await using var tunnel = await site.TunnelAsync();
        var answer = await tunnel.AskAsync(site.Get("/rewrite", "Connection: close"));
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.EndsWith(ending, answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Has_its_heads_read_strictly_from_any_text()
    {
        var line = Gen.String[Gen.Char[' ', '~'], 0, 40];
        Gen.Select(line, line, line).Select((first, second, third) => $"GET /{first} HTTP/1.1\r\n{second}: {third}\r\n{third}\r\n").Sample(text =>
        {
            var head = HttpHead.Parse(text);
            return head is null || (head.Fields.All(field => field.Name.Length > 0 && field.Name.All(letter => letter is > ' ' and <= '~' and not ':') && !field.Value.Any(char.IsControl)) && !head.Target.Contains(' ', StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Has_chunked_bodies_read_within_their_bound_from_any_bytes() => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        try
        {
            return new BufferedReader(new MemoryStream([.. "10\r\n"u8, .. bytes])).ChunksAsync(64, CancellationToken.None).GetAwaiter().GetResult().Length <= 64;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    });

    [Theory]
    [InlineData("/a", "read")]
    [InlineData("/refuse", "refused")]
    public async Task Is_written_down_before_it_is_asked(string target, string what)
    {
        var (written, seen) = (new ConcurrentQueue<EgressRecord>(), new ConcurrentQueue<int>());
        await using var site = await Far.OpenAsync(
            context =>
            {
                seen.Enqueue(written.Count);
                return context.Response.WriteAsync("hello");
            },
            journal: new EgressJournal(records =>
            {
                foreach (var record in records)
                {
                    written.Enqueue(record);
                }

                return Task.CompletedTask;
            }));
        await using var tunnel = await site.TunnelAsync();
        await tunnel.AskAsync(site.Get(target, "Connection: close"));
        Assert.Equal(what == "read", Assert.Single(written).Allowed);
        Assert.All(seen, count => Assert.Equal(1, count));
        Assert.Equal(what == "read" ? 1 : 0, seen.Count);
    }

    [Fact]
    public async Task Is_not_asked_what_cannot_be_written_down()
    {
        await using var site = await Far.OpenAsync(context => context.Response.WriteAsync("hello"), journal: new EgressJournal(_ => throw new IOException("The disk is full.")));
        await using var tunnel = await site.TunnelAsync();
        await Record.ExceptionAsync(() => tunnel.AskAsync(site.Get("/a", "Connection: close"))); // The connection ends.
        Assert.Empty(site.Heard);
    }

    [Fact]
    public async Task Is_written_down_in_order_and_together_with_what_waits()
    {
        var (writings, open) = (new ConcurrentQueue<int>(), new TaskCompletionSource());
        var journal = new EgressJournal(async records =>
        {
            writings.Enqueue(records.Count);
            await open.Task;
        });
        var all = Enumerable.Range(0, 251).Select(number => journal.AddAsync(new EgressRecord("cloud:443", true, "", number, 0))).ToList();
        Assert.DoesNotContain(all, one => one.IsCompleted);
        open.SetResult();
        await Task.WhenAll(all);
        Assert.Equal([1, 100, 100, 50], writings);
    }

    [Fact]
    public void Is_counted_in_full_when_a_run_asks_for_thousands_of_things()
    {
        var log = new EgressLog();
        for (var number = 0; number < 10_000; number++)
        {
            log.Add(new EgressRecord("cloud:443", number % 2 == 0, "", 1, 2) { Asked = new("s3", "r", "HeadBucket", number.ToString(CultureInfo.InvariantCulture)) });
        }

        Assert.InRange(log.Records.Count, 1, 2100);
        Assert.Equal(10_000, log.Records.Sum(record => record.Requests));
        Assert.Equal(5_000, log.Records.Where(record => record.Allowed).Sum(record => record.Requests));
        Assert.Equal(20_000, log.Records.Sum(record => record.Received));
    }

    /// <summary>A cloud on loopback, and the proxy with a gate in front of it.</summary>
    private sealed class Far : IAsyncDisposable
    {
        private readonly TlsServer server;

        private Far(TlsServer server, EgressProxy proxy, ConcurrentQueue<string> heard)
        {
            (this.server, Proxy, Heard) = (server, proxy, heard);
            proxy.Allow([], Gate);
        }

        public EgressProxy Proxy { get; }

        public ConcurrentQueue<string> Heard { get; }

        public OneGate Gate { get; } = new();

        public int Port => server.Port;

        public static async Task<Far> OpenAsync(RequestDelegate answer, bool trusted = true, string address = "127.0.0.1", EgressJournal? journal = null)
        {
            var heard = new ConcurrentQueue<string>();
            var server = await TlsServer.StartAsync(
                async context =>
                {
                    using var body = new StreamReader(context.Request.Body);
                    heard.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers["X-Real"]} {await body.ReadToEndAsync(context.RequestAborted)}");
                    await answer(context);
                },
                Host);
            var outside = new Outside { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]), Authorities = trusted ? server.Authorities : null };
            return new Far(server, EgressProxy.Start(outside: outside, journal: journal), heard);
        }

        public Task<Tunnel> TunnelAsync(string? name = null, IReadOnlyList<SslApplicationProtocol>? protocols = null) => Tunnel.OpenAsync(Proxy, $"{Host}:{Port}", name, protocols);

        public string Get(string target, params IReadOnlyList<string> fields) => $"GET {target} HTTP/1.1\r\nHost: {Host}:{Port}\r\n{string.Concat(fields.Select(field => field + "\r\n"))}\r\n";

        public string Post(string target, string body) => $"POST {target} HTTP/1.1\r\nHost: {Host}:{Port}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

        public async Task<string> PlainAsync(int? port = null)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Proxy.SocketPath), Needs.Stop);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET http://{Host}:{port ?? Port}/p HTTP/1.1\r\nHost: {Host}:{port ?? Port}\r\n\r\n"), Needs.Stop);
            using var answer = new MemoryStream();
            await stream.CopyToAsync(answer, Needs.Stop);
            return Encoding.Latin1.GetString(answer.ToArray());
        }

        public async ValueTask DisposeAsync()
        {
            await Proxy.DisposeAsync();
            await server.DisposeAsync();
        }
    }

    private sealed class OneGate : ICloudGate
    {
        public bool Plain { get; set; }

        public bool Governs(Endpoint endpoint) => endpoint.Host == Host;

        public bool AllowsPlain(Endpoint endpoint) => Plain;

        public async ValueTask<GateDecision> DecideAsync(GateRequest request, CancellationToken stop)
        {
            if (request.Path == "/refuse")
            {
                return new GateDecision.Refuse(new CloudAction("cloud", "here", "write"), "not a read");
            }

            var forwarded = new ForwardedRequest(request.Method, request.Target, [new HttpField("X-Real", "real")], await request.BodyAsync(stop))
            {
                Rewrite = request.Path == "/rewrite" ? body => Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(body).ToUpperInvariant()) : null,
            };
            return new GateDecision.Forward(new CloudAction("cloud", "here", "read"), forwarded);
        }
    }
}
