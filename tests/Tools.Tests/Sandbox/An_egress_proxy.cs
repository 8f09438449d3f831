using System.Net;
using System.Net.Sockets;
using System.Text;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>The way out of a cage, asked directly on its socket and through a cage's relay.</summary>
public sealed class An_egress_proxy
{
    [Fact]
    public async Task Lets_a_listed_endpoint_through_and_records_it()
    {
        await using var far = new Far();
        await using var proxy = Proxy(far.Port);
        var answer = await AskAsync(proxy, $"GET http://emulator:{far.Port}/a?b HTTP/1.1\r\nHost: evil:1\r\nProxy-Authorization: x\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.StartsWith($"GET /a?b HTTP/1.1\r\nHost: emulator:{far.Port}\r\nConnection: close\r\n\r\n", far.Heard, StringComparison.Ordinal);
        var record = Assert.Single(proxy.Records);
        Assert.Equal(($"emulator:{far.Port}", true), (record.Endpoint, record.Allowed));
        Assert.True(record.Sent > 0 && record.Received > 0);
    }

    [Fact]
    public async Task Tunnels_to_a_listed_endpoint()
    {
        await using var far = new Far();
        await using var proxy = Proxy(far.Port);
        var answer = await AskAsync(proxy, $"CONNECT emulator:{far.Port} HTTP/1.1\r\n\r\nGET /t HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwards_one_request_and_nothing_after_it()
    {
        await using var far = new Far();
        await using var proxy = Proxy(far.Port);
        await AskAsync(proxy, $"POST http://emulator:{far.Port}/ HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET http://other/secret HTTP/1.1\r\nHost: other\r\n\r\n");
        Assert.EndsWith("\r\n\r\nhi", far.Heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwards_a_chunked_body()
    {
        await using var far = new Far();
        await using var proxy = Proxy(far.Port);
        await AskAsync(proxy, $"PUT http://emulator:{far.Port}/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nTrailer: x\r\n\r\n");
        Assert.EndsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n", far.Heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET http://other:80/ HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT metadata.google.internal:80 HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT 127.0.0.1:22 HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT emulator:1 HTTP/1.1\r\n\r\n")]
    [InlineData("CONNECT emulator@other:80 HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://emulator@other/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: emulator\r\n\r\n")]
    [InlineData("GET ftp://emulator/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://2852039166/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://0xa9fea9fe/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://[::ffff:169.254.169.254]/ HTTP/1.1\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task Refuses_everything_else_and_records_it(string request)
    {
        await using var proxy = Proxy(5555);
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync(proxy, request), StringComparison.Ordinal);
        Assert.False(Assert.Single(proxy.Records).Allowed);
    }

    [Theory]
    [InlineData("Content-Length: 2\r\nContent-Length: 3")]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked, gzip")]
    [InlineData("Content-Length: -1")]
    [InlineData("A\u0001B: x")]
    [InlineData("Content-Length : 2")]
    public async Task Refuses_a_request_that_two_readers_could_read_in_two_ways(string header)
    {
        await using var proxy = Proxy(5555);
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync(proxy, $"POST http://emulator:5555/ HTTP/1.1\r\n{header}\r\n\r\nhi"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.0.1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("::169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("224.0.0.1")]
    public async Task Refuses_a_listed_name_that_leads_to_a_forbidden_address(string address)
    {
        await using var proxy = EgressProxy.Start(outside: new Outside { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse(address)]) });
        proxy.Allow([new Endpoint("emulator", 5555)]);
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync(proxy, "CONNECT emulator:5555 HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.Contains("forbidden", Assert.Single(proxy.Records).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("8.8.8.8")]
    [InlineData("2606:4700::1111")]
    public void Forbids_no_ordinary_address(string address) => Assert.False(ForbiddenAddress.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("awsmoto:5555", "awsmoto:5555")]
    [InlineData("Example.COM.:443", "example.com:443")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("host", null)]
    [InlineData("host:0", null)]
    [InlineData("host:70000", null)]
    [InlineData("2130706433:80", null)]
    [InlineData("0x7f000001:80", null)]
    [InlineData("127.1:80", null)]
    [InlineData("::1:80", null)]
    [InlineData("[host]:80", null)]
    [InlineData("a b:80", null)]
    [InlineData("http://host:80", null)]
    [InlineData("-x:80", null)]
    public void Endpoints_have_one_spelling(string text, string? read) =>
        Assert.Equal(read, Endpoint.TryParse(text, out var endpoint) ? endpoint.ToString() : null);

    [Fact]
    public async Task Ends_a_connection_when_the_runs_bytes_are_used_up()
    {
        await using var far = new Far(new string('x', 100_000));
        await using var proxy = EgressProxy.Start(new EgressLimits { Bytes = 10_000 }, new Outside { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) });
        proxy.Allow([new Endpoint("emulator", far.Port)]);
        Assert.InRange((await AskAsync(proxy, $"GET http://emulator:{far.Port}/ HTTP/1.1\r\n\r\n")).Length, 0, 10_000);
    }

    [Fact]
    public async Task Refuses_a_head_that_never_ends()
    {
        await using var proxy = Proxy(5555);
        Assert.Equal("", await AskAsync(proxy, "GET http://emulator:5555/ HTTP/1.1\r\n" + string.Concat(Enumerable.Repeat("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n", 4000))));
    }

    [Theory]
    [InlineData(SandboxKind.Bubblewrap, false)]
    [InlineData(SandboxKind.Container, false)]
    [InlineData(SandboxKind.Container, true)]
    public async Task Is_reached_from_a_cage_through_its_relay_and_nothing_else_is(SandboxKind kind, bool imaged)
    {
        await using var far = new Far();
        await using var proxy = Proxy(far.Port);
        await using var cage = await (await Needs.SandboxAsync(kind, imaged)).OpenAsync(Needs.Shell(imaged) with { EgressSocket = proxy.SocketPath }, Needs.Stop);
        Assert.StartsWith("HTTP/1.1 200 OK", await AskInsideAsync(cage, far.Port), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 403 ", await AskInsideAsync(cage, far.Port + 1), StringComparison.Ordinal);
        Assert.Equal([true, false], proxy.Records.Select(record => record.Allowed));
    }

    [Theory]
    [InlineData(SandboxKind.Bubblewrap, false)]
    [InlineData(SandboxKind.Container, true)]
    public async Task Holds_a_cage_to_its_limits_whichever_way_leads_to_it(SandboxKind kind, bool imaged)
    {
        await using var far = new Far(new string('x', 1_000_000));
        await using var proxy = Proxy(far.Port, new EgressLimits { Bytes = 100_000 });
        await using var cage = await (await Needs.SandboxAsync(kind, imaged)).OpenAsync(Needs.Shell(imaged) with { EgressSocket = proxy.SocketPath }, Needs.Stop);
        Assert.InRange((await AskInsideAsync(cage, far.Port)).Length, 0, 100_000);
    }

    private static async Task<string> AskInsideAsync(Cage cage, int port)
    {
        var script = $"p=${{HTTP_PROXY##*:}}; exec 3<>/dev/tcp/127.0.0.1/$p; printf 'GET http://emulator:{port}/x HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3";
        return Encoding.UTF8.GetString((await cage.RunAsync(new Step { Arguments = ["/usr/bin/bash", "-c", script], MostOutput = 2 << 20 }, Needs.Stop)).Output);
    }

    private static EgressProxy Proxy(int port, EgressLimits? limits = null)
    {
        var proxy = EgressProxy.Start(limits, outside: new Outside { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) });
        proxy.Allow([new Endpoint("emulator", port)]);
        return proxy;
    }

    private static async Task<string> AskAsync(EgressProxy proxy, string request)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(proxy.SocketPath), Needs.Stop);
        await using var stream = new NetworkStream(socket);
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Needs.Stop);
            await stream.CopyToAsync(answer, Needs.Stop);
        }
        catch (IOException)
        {
            // Closed in the middle: what came until then counts.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    /// <summary>An endpoint that answers one request and remembers it.</summary>
    private sealed class Far : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly MemoryStream heard = new();
        private readonly Task serving;

        public Far(string body = "ok")
        {
            listener.Start();
            serving = ServeAsync(body);
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public string Heard => Encoding.Latin1.GetString(heard.ToArray());

        public async ValueTask DisposeAsync()
        {
            listener.Dispose();
            await serving;
        }

        private async Task ServeAsync(string body)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                var buffer = new byte[4096];
                do
                {
                    heard.Write(buffer.AsSpan(0, await stream.ReadAsync(buffer)));
                }
                while (!Whole());

                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
            }
            catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
            {
                // Nobody came, or it was cut off.
            }
        }

        private bool Whole()
        {
            var text = Heard;
            return text.Contains("\r\n\r\n", StringComparison.Ordinal)
                && (!text.Contains("chunked", StringComparison.Ordinal) || text.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
                && (!text.Contains("Content-Length: 2", StringComparison.Ordinal) || text.EndsWith("hi", StringComparison.Ordinal));
        }
    }
}
