using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>A run's side of a tunnel through the egress proxy: TLS by the run's authority, then bytes as a test writes them.</summary>
internal sealed class Tunnel : IAsyncDisposable
{
    private readonly NetworkStream near;
    private readonly SslStream secure;

    private Tunnel(NetworkStream near, SslStream secure) => (this.near, this.secure) = (near, secure);

    /// <summary>The protocol that TLS agreed on.</summary>
    public SslApplicationProtocol Protocol => secure.NegotiatedApplicationProtocol;

    public static async Task<Tunnel> OpenAsync(EgressProxy proxy, string endpoint, string? name = null, IReadOnlyList<SslApplicationProtocol>? protocols = null)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(proxy.SocketPath), Needs.Stop);
        var near = new NetworkStream(socket, ownsSocket: true);
        await near.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {endpoint} HTTP/1.1\r\n\r\n"), Needs.Stop);
        var head = new byte[39];
        await near.ReadExactlyAsync(head, Needs.Stop);
        if (!Encoding.ASCII.GetString(head).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
        {
            throw new IOException(Encoding.ASCII.GetString(head));
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(proxy.Authority.Pem);
        var secure = new SslStream(near);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = name ?? endpoint.Split(':')[0], CertificateChainPolicy = policy, ApplicationProtocols = protocols is null ? null : [.. protocols] }, Needs.Stop);
        return new Tunnel(near, secure);
    }

    /// <summary>Sends, and reads to the end of the connection.</summary>
    public async Task<string> AskAsync(string request)
    {
        await SendAsync(request);
        using var answer = new MemoryStream();
        try
        {
            await secure.CopyToAsync(answer, Needs.Stop);
        }
        catch (IOException)
        {
            // Closed in the middle: what came until then counts.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    public Task SendAsync(string text) => secure.WriteAsync(Encoding.Latin1.GetBytes(text), Needs.Stop).AsTask();

    /// <summary>Reads until the text has come.</summary>
    public async Task<string> UntilAsync(string text)
    {
        var heard = new StringBuilder();
        var one = new byte[1];
        while (!heard.ToString().EndsWith(text, StringComparison.Ordinal))
        {
            await secure.ReadExactlyAsync(one, Needs.Stop);
            heard.Append((char)one[0]);
        }

        return heard.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await secure.DisposeAsync();
        await near.DisposeAsync();
    }
}
