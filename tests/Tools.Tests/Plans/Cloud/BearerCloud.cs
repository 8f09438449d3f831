using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using McpInfra.Guardrails.Redaction;
using McpInfra.TestKit;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox.Egress;
using McpInfra.Tools.Tests.Sandbox;
using Microsoft.AspNetCore.Http;
using Endpoint = McpInfra.Tools.Sandbox.Egress.Endpoint;

namespace McpInfra.Tools.Tests.Plans.Cloud;

/// <summary>A cloud's management API on loopback behind TLS, the proxy with a gate before it, and a client as a run has one.</summary>
internal sealed class BearerCloud : IAsyncDisposable
{
    public const string Host = "management.test";

    private readonly TlsServer server;
    private readonly EgressProxy proxy;

    private BearerCloud(TlsServer server, ConcurrentQueue<string> heard)
    {
        (this.server, Heard) = (server, heard);
        proxy = EgressProxy.Start(outside: new Outside { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), Port = _ => server.Port, Authorities = server.Authorities });
        Http = new HttpClient(Handler());
    }

    /// <summary>What came through: method, target, authorization and every other field.</summary>
    public ConcurrentQueue<string> Heard { get; }

    public Endpoint Endpoint => new(Host, server.Port);

    public HttpClient Http { get; }

    public IReadOnlyList<EgressRecord> Records => proxy.Records;

    public static Task<BearerCloud> OpenAsync(string answer = "{}") => OpenAsync(context => context.Response.WriteAsync(answer, Needs.Stop), Host);

    /// <summary>A cloud that answers so at each of these hosts, which are its own.</summary>
    public static async Task<BearerCloud> OpenAsync(RequestDelegate answer, params IReadOnlyList<string> hosts)
    {
        var heard = new ConcurrentQueue<string>();
        var server = await TlsServer.StartAsync(
            async context =>
            {
                using var body = new StreamReader(context.Request.Body);
                heard.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {await body.ReadToEndAsync(Needs.Stop)} {string.Join(' ', context.Request.Headers.Select(header => $"{header.Key}={header.Value}"))}");
                context.Response.ContentType = "application/json";
                await answer(context);
            },
            hosts);
        return new BearerCloud(server, heard);
    }

    public void Allow(ICloudGate gate) => proxy.Allow([], gate);

    /// <summary>A transport as a run's: everything by the proxy, TLS by the run's authority.</summary>
    public SocketsHttpHandler Handler()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(proxy.Authority.Pem);
        return new SocketsHttpHandler
        {
            Proxy = new WebProxy("http://proxy.of.the.run:1"),
            UseProxy = true,
            SslOptions = { CertificateChainPolicy = policy },
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(proxy.SocketPath), stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
    }

    /// <summary>Asks for a path with a bearer.</summary>
    public Task<(int Status, string Body)> GetAsync(string path, string? bearer, string method = "GET", params IReadOnlyList<(string Name, string Value)> fields) =>
        AskAsync(method, $"https://{Endpoint}{path}", bearer, null, fields);

    /// <summary>Asks for an address.</summary>
    public async Task<(int Status, string Body)> AskAsync(string method, string url, string? bearer, string? body = null, params IReadOnlyList<(string Name, string Value)> fields)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url) { Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, body.StartsWith('{') ? "application/json" : "application/x-www-form-urlencoded") };
        if (bearer is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        }

        foreach (var (name, value) in fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await Http.SendAsync(request, Needs.Stop);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Needs.Stop));
    }

    /// <summary>What is secret in a run whose state has these resources: type and attributes, sanitised already.</summary>
    public static RunSecrets Secrets(params IReadOnlyList<(string Type, string Attributes)> resources) => new(new SecretTokens(new byte[32]), SanitizedState.Empty with
    {
        Bytes = System.Text.Encoding.UTF8.GetBytes($$"""{"resources":[{{string.Join(',', resources.Select(one => $$"""{"type":"{{one.Type}}","instances":[{"attributes":{{one.Attributes}}}]}"""))}}]}"""),
    });

    /// <summary>A request as a gate sees it.</summary>
    public static GateRequest Request(string endpoint, string method, string target, string? bearer = null, string body = "", IOutside? outside = null, params IReadOnlyList<HttpField> fields) =>
        new(EndpointOf(endpoint) is { } to ? to : throw new ArgumentException(endpoint), secure: true, method, target, bearer is null ? fields : [.. fields, new("Authorization", "Bearer " + bearer)], _ => Task.FromResult(System.Text.Encoding.ASCII.GetBytes(body)), outside ?? new Nowhere());

    private static Endpoint? EndpointOf(string text) => McpInfra.Tools.Sandbox.Egress.Endpoint.TryParse(text, out var endpoint) ? endpoint : null;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await proxy.DisposeAsync();
        await server.DisposeAsync();
    }

    /// <summary>Where a gate must know enough without asking.</summary>
    private sealed class Nowhere : IOutside
    {
        public Task<GateReply> AskAsync(CloudAction asked, Endpoint endpoint, bool secure, ForwardedRequest request, CancellationToken stop) => throw new InvalidOperationException("Nothing is asked.");
    }
}
