using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>A connection to an endpoint that belongs to the run's credential: TLS ends here, by the run's own authority, and a gate decides each request in it.</summary>
internal sealed class GovernedTunnel(RunAuthority authority, Upstream upstream, EgressLog log, EgressLimits limits)
{
    /// <summary>Serves a connection to a governed endpoint to its end; else in our own words why it is refused.</summary>
    public async Task<string?> ServeAsync(BufferedReader reader, NetworkStream near, RequestHead head, ICloudGate gate, CancellationToken stop)
    {
        var connection = new GovernedConnection(gate, head.Endpoint, head.IsTunnel, upstream, log, limits);
        if (head.Plain is { } plain)
        {
            if (!gate.AllowsPlain(head.Endpoint))
            {
                return "it belongs to the stack's credential and may be spoken to over TLS only";
            }

            await connection.ServeAsync(reader, near, plain, stop, keep: false); // The next one could be for another host.
            return null;
        }

        if (reader.HoldsMore)
        {
            return "bytes came before the tunnel was open";
        }

        await near.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), stop);
        await using var secure = new SslStream(near, leaveInnerStreamOpen: true);
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
            deadline.CancelAfter(limits.Connect);
            await secure.AuthenticateAsServerAsync((_, hello, _, _) => new(Vouched(hello, head.Endpoint)), null, deadline.Token);
        }
        catch (AuthenticationException)
        {
            log.Add(new EgressRecord(head.Endpoint.ToString(), false, "no TLS came about: it is ended here by the run's own authority, for this host, with HTTP/1.1 only", 0, 0));
            return null;
        }

        await connection.ServeAsync(secure, stop);
        await secure.ShutdownAsync();
        return null;
    }

    private SslServerAuthenticationOptions Vouched(SslClientHelloInfo hello, Endpoint endpoint) =>
        hello.ServerName is { Length: > 0 } name && !name.TrimEnd('.').Equals(endpoint.Host, StringComparison.OrdinalIgnoreCase)
            ? throw new AuthenticationException("The name asked for is not the host of the tunnel.")
            : new SslServerAuthenticationOptions
            {
                ServerCertificateContext = authority.For(endpoint.Host),
                ApplicationProtocols = [SslApplicationProtocol.Http11],
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ClientCertificateRequired = false,
                AllowRenegotiation = false,
            };
}
