using System.IO.Enumeration;

namespace McpInfra.Tools.Git;

/// <summary>Files that hold secrets by their nature. They are neither shown, searched nor edited, whatever is in them.</summary>
public static class WithheldPaths
{
    private static readonly HashSet<string> Folders = new(StringComparer.OrdinalIgnoreCase)
    {
        ".terraform", ".aws", ".ssh", ".gnupg", ".kube", ".azure", ".gcloud", ".docker", ".oci", "terraform.tfstate.d",
    };

    private static readonly string[] Names =
    [
        ".env*", "*.env", "*.tfstate", "*.tfstate.*", "*.tfplan", "tfplan", "tfplan.*", ".terraformrc", "terraform.rc", "*.tfrc", "*.tfrc.json", "*.tfvars.secret",
        "*.pem", "*.key", "*.p8", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.kdbx", "*.ppk", "*.ovpn", "*.agekey", "*.keytab",
        "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "kubeconfig*", "*.kubeconfig", ".netrc", "_netrc", ".pgpass", ".my.cnf", ".npmrc", ".pypirc",
        ".git-credentials", ".htpasswd", ".dockercfg", ".dockerconfigjson", ".vault-token", ".vault-pass*", ".vault_pass*", ".s3cfg", ".boto",
        "credentials", "credentials.*", "*-credentials.json", "*_credentials.json", "secrets.json", "secrets.yaml", "secrets.yml", "secrets.toml",
        "service-account*.json", "*-service-account.json", "service_account*.json",
    ];

    /// <summary>Whether the path, with `/`, is withheld. Case does not count, nor do trailing dots and spaces.</summary>
    public static bool Withholds(string path)
    {
        var segments = path.Split('/');
        return segments.Any(segment => Folders.Contains(segment.TrimEnd('.', ' ')))
            || Array.Exists(Names, pattern => FileSystemName.MatchesSimpleExpression(pattern, segments[^1].TrimEnd('.', ' '), ignoreCase: true));
    }
}
