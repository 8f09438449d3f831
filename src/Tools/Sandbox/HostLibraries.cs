namespace McpInfra.Tools.Sandbox;

/// <summary>What programs need of a Linux host to run at all: libraries and certificates, and no program, account or key.</summary>
internal static class HostLibraries
{
    // Certificates only: /etc/ssl has private keys beside them.
    private static readonly string[] Places =
    [
        "/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib32", "/lib64", "/nix/store",
        "/etc/ssl/certs", "/etc/ssl/cert.pem", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted", "/usr/share/ca-certificates", "/etc/ca-certificates/extracted",
    ];

    /// <summary>Those that are here; some are links.</summary>
    public static IEnumerable<string> Paths => Places.Where(path => Directory.Exists(path) || File.Exists(path));
}
