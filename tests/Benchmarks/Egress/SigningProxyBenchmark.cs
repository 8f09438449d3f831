using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using McpInfra.Guardrails.Redaction;
using McpInfra.TestKit;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox.Egress;
using Microsoft.AspNetCore.Http;
using Endpoint = McpInfra.Tools.Sandbox.Egress.Endpoint;

namespace McpInfra.Benchmarks.Egress;

/// <summary>Requests a second through the signing proxy against the same requests sent directly, both over TLS, turn by turn in one run.</summary>
internal static class SigningProxyBenchmark
{
    private const string Host = "ec2.us-east-1.amazonaws.com";
    private const string Form = "Action=DescribeVpcs&Version=2016-11-15";
    private const int Rounds = 5;
    private const int Requests = 1500;

    private static readonly AwsKeys Dummy = new("AKIADUMMYDUMMYDUMMY0", "dummy/secret");
    private static readonly AwsKeys Real = new("AKIAREALREALREALREAL", "real/secret", "real-token");

    public static async Task<int> RunAsync(TextWriter output)
    {
        var answer = Encoding.UTF8.GetBytes($"<DescribeVpcsResponse><vpcSet>{string.Concat(Enumerable.Range(0, 10).Select(number => $"<item><vpcId>vpc-{number}</vpcId><cidrBlock>10.{number}.0.0/16</cidrBlock></item>"))}</vpcSet></DescribeVpcsResponse>");
        await using var far = await TlsServer.StartAsync(context => AnswerAsync(context, answer), Host, "sts.us-east-1.amazonaws.com");
        await using var proxy = EgressProxy.Start(outside: new Outside { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), Authorities = far.Authorities });
        var endpoint = new Endpoint(Host, far.Port);
        proxy.Allow([], new AwsGate(Dummy, new AwsUse(null, [endpoint]), (_, _) => new(Real), new RunSecrets(new SecretTokens(new byte[32]), SanitizedState.Empty), TimeProvider.System));
        using var direct = Client(far.Authorities, stop => DirectAsync(far.Port, stop));
        using var through = Client(Authority(proxy), stop => ThroughAsync(proxy, endpoint, stop));

        await output.WriteLineAsync("| at once | direct, median of rounds | through the proxy | of direct | added a request |\n|---|---|---|---|---|");
        foreach (var concurrent in new[] { 1, 16 })
        {
            await SendAsync(direct, endpoint, 200, concurrent);
            await SendAsync(through, endpoint, 200, concurrent);
            var (rates, proxied) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                rates.Add(await SendAsync(direct, endpoint, Requests, concurrent));
                proxied.Add(await SendAsync(through, endpoint, Requests, concurrent));
            }

            var (bare, ours) = (Median(rates), Median(proxied));
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"| {concurrent} | {bare:N0}/s | {ours:N0}/s | {ours / bare:F2} | {concurrent * ((1e6 / ours) - (1e6 / bare)):N0} µs |"));
        }

        return proxy.Records.All(record => record.Allowed) ? 0 : 1;
    }

    private static async Task AnswerAsync(HttpContext context, byte[] answer)
    {
        using var reader = new StreamReader(context.Request.Body);
        var asked = await reader.ReadToEndAsync(context.RequestAborted);
        var bytes = asked.Contains("GetCallerIdentity", StringComparison.Ordinal) ? "<r><Account>123456789012</Account></r>"u8.ToArray() : answer;
        context.Response.ContentType = "text/xml";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static async Task<double> SendAsync(HttpClient http, Endpoint endpoint, int requests, int concurrent)
    {
        var signed = Signed(endpoint);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, concurrent).Select(async _ =>
        {
            for (var left = requests / concurrent; left > 0; left--)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"https://{endpoint}/") { Content = new StringContent(Form, MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded")) };
                foreach (var (name, value) in signed)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }

                using var answer = await http.SendAsync(request);
                await answer.Content.ReadAsByteArrayAsync();
                answer.EnsureSuccessStatusCode();
            }
        }));
        return requests / clock.Elapsed.TotalSeconds;
    }

    private static List<HttpField> Signed(Endpoint endpoint)
    {
        var time = SignatureV4.Time(TimeProvider.System.GetUtcNow());
        var scope = new SigningScope(time[..8], "us-east-1", "ec2");
        List<HttpField> fields = [new("host", endpoint.ToString()), new("X-Amz-Date", time)];
        var canonical = SignatureV4.Canonical("ec2", "POST", "/", [], ["host", "x-amz-date"], fields, SignatureV4.HashOf(Encoding.UTF8.GetBytes(Form)));
        return [fields[1], new("Authorization", $"AWS4-HMAC-SHA256 Credential={Dummy.Id}/{scope}, SignedHeaders=host;x-amz-date, Signature={SignatureV4.Of(canonical, scope, time, Dummy.Secret)}")];
    }

    private static HttpClient Client(X509Certificate2Collection authorities, Func<CancellationToken, Task<Stream>> connect)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = new() { CertificateChainPolicy = policy }, ConnectCallback = async (_, stop) => await connect(stop) });
    }

    private static X509Certificate2Collection Authority(EgressProxy proxy)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(proxy.Authority.Pem);
        return authorities;
    }

    private static async Task<Stream> DirectAsync(int port, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, stop);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<Stream> ThroughAsync(EgressProxy proxy, Endpoint endpoint, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(proxy.SocketPath), stop);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {endpoint} HTTP/1.1\r\n\r\n"), stop);
        await stream.ReadExactlyAsync(new byte["HTTP/1.1 200 Connection established\r\n\r\n".Length], stop);
        return stream;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
