using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>
/// A certificate authority made for one run, whose private key never leaves this process. It vouches for governed hosts towards the run and is good for nothing else:
/// no one but the run is told of it, and it ends with the run.
/// </summary>
public sealed class RunAuthority : IDisposable
{
    private const int MostHosts = 512;

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Life = TimeSpan.FromHours(3);

    // Where systems keep all authorities in one file; the first that exists is theirs.
    private static readonly string[] SystemBundles =
    [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ];

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 certificate;
    private readonly Dictionary<string, (X509Certificate2 Leaf, SslStreamCertificateContext Context)> leaves = [];
    private readonly Lock gate = new();
    private readonly DateTimeOffset from;

    /// <summary>Makes one, valid for three hours.</summary>
    public RunAuthority(TimeProvider time)
    {
        from = time.GetUtcNow() - Skew;
        var request = new CertificateRequest("CN=mcp-infra run " + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        certificate = request.CreateSelfSigned(from, from + Life + Skew);
    }

    /// <summary>Its certificate, PEM.</summary>
    public string Pem => certificate.ExportCertificatePem();

    /// <summary>What the run is told to believe: this authority, and the system's for endpoints that are tunnelled.</summary>
    public byte[] Bundle()
    {
        var system = SystemBundles.FirstOrDefault(File.Exists) is { } file ? File.ReadAllText(file) : "";
        return Encoding.UTF8.GetBytes(system + "\n" + Pem + "\n");
    }

    /// <summary>What shows the run that we are the host.</summary>
    /// <exception cref="InvalidDataException">A run asked for too many hosts.</exception>
    internal SslStreamCertificateContext For(string host)
    {
        lock (gate)
        {
            if (leaves.TryGetValue(host, out var known))
            {
                return known.Context;
            }

            if (leaves.Count >= MostHosts)
            {
                throw new InvalidDataException("The run asked for too many hosts.");
            }

            var leaf = Leaf(host);
            var context = SslStreamCertificateContext.Create(leaf, null, offline: true);
            leaves.Add(host, (leaf, context));
            return context;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (leaf, _) in leaves.Values)
        {
            leaf.Dispose();
        }

        certificate.Dispose();
        leafKey.Dispose();
        key.Dispose();
    }

    private X509Certificate2 Leaf(string host)
    {
        var request = new CertificateRequest("CN=mcp-infra governed endpoint", leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // serverAuth
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var bare = request.Create(certificate, from, from + Life, RandomNumberGenerator.GetBytes(16));
        var leaf = bare.CopyWithPrivateKey(leafKey);
        if (!OperatingSystem.IsWindows())
        {
            return leaf;
        }

        // Windows' TLS takes no key that lives in memory alone.
        using (leaf)
        {
            return X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
        }
    }
}
