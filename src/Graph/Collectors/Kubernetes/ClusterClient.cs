using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>Opens the connection to a cluster's API.</summary>
internal static class ClusterClient
{
    /// <exception cref="SourceException">There is no credential, or a certificate cannot be read.</exception>
    public static async Task<RestClient> OpenAsync(ISourceSecrets secrets, SourceSettings source, AccountSettings account, CollectorLimits limits, TimeProvider time, string mounted, CancellationToken stop)
    {
        var cluster = KubeConfig.Read(account.KubeConfig, account.Context, mounted).Cluster;
        var secret = (await secrets.OfAsync(source, account, stop)).Reveal();
        var isCertificate = secret.StartsWith("-----BEGIN", StringComparison.Ordinal);
        var transport = RestClient.Transport();
        try
        {
            transport.SslOptions = Tls(cluster, isCertificate ? secret : null);
            return new RestClient(cluster.Server, isCertificate ? new Unsigned() : new BearerToken(secrets, source, account), limits, time, transport);
        }
        catch (Exception error) when (error is System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            transport.Dispose();
            throw new SourceException($"Source {source.Name}: a certificate or key of the kubeconfig cannot be read; make it anew.", error);
        }
    }

    private static SslClientAuthenticationOptions Tls(KubeCluster cluster, string? certificate)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = cluster.ServerName ?? cluster.Server.Host };
        if (cluster.Authority is { } authority)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(authority);
            options.CertificateChainPolicy = policy;
        }

        if (certificate is not null)
        {
            using var parsed = X509Certificate2.CreateFromPem(certificate, certificate);
            options.ClientCertificates = [X509CertificateLoader.LoadPkcs12(parsed.Export(X509ContentType.Pkcs12), null)]; // A key out of PEM is not usable for TLS everywhere.
        }

        return options;
    }

    /// <summary>The connection itself proves who asks.</summary>
    private sealed class Unsigned : IRequestSigner
    {
        public ValueTask SignAsync(HttpRequestMessage request, CancellationToken stop) => ValueTask.CompletedTask;
    }
}
