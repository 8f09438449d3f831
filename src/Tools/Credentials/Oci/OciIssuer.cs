using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials.Oci;

/// <summary>Signing keys of OCI users: of a profile of a configuration file, or named in the settings. A key does not end, so it is read anew at each issue.</summary>
public sealed class OciIssuer : ICredentialIssuer
{
    private const int Most = 256 << 10;

    /// <inheritdoc/>
    public Cloud Cloud => Cloud.Oci;

    /// <inheritdoc/>
    public ValueTask<Credential> IssueAsync(CloudCredential credential, CancellationToken stop)
    {
        var identity = (OciIdentity)credential.Identity;
        var key = identity.Key ?? OfProfile(identity);
        return new(Credential.OfKey($"{key.Tenancy}/{key.User}/{key.Fingerprint}", Pem(key.File)));
    }

    private static OciKey OfProfile(OciIdentity identity)
    {
        var file = identity.ConfigFile ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".oci", "config");
        var profile = Profile(file, identity.Profile);
        string Of(string name) => profile.GetValueOrDefault(name) is { Length: > 0 } value ? value
            : throw new CredentialException($"Profile {identity.Profile} of the OCI configuration file names no {name}; add it, or name another `profile`.");
        if (profile.ContainsKey("pass_phrase") || profile.ContainsKey("security_token_file"))
        {
            throw new CredentialException($"Profile {identity.Profile} of the OCI configuration file wants a passphrase or a session token, which are not read; use an API key without a passphrase, in a file that nobody else may read.");
        }

        var path = Of("key_file");
        path = path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : Path.Combine(Path.GetDirectoryName(file)!, path);
        return new OciKey(Of("tenancy"), Of("user"), Of("fingerprint"), path);
    }

    // `[NAME]`, then `name = value` lines; DEFAULT stands in for what a profile leaves out.
    private static Dictionary<string, string> Profile(string file, string name)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        var (section, found) = ("", false);
        foreach (var line in Text(file, "config_file", isPrivate: false).Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                section = line[1..^1].Trim();
                found |= section == name;
            }
            else if (line.Length > 0 && line[0] is not ('#' or ';') && line.Split('=', 2) is [var key, var value] && (section == name || (section == "DEFAULT" && !read.ContainsKey(key.Trim()))))
            {
                read[key.Trim()] = value.Trim();
            }
        }

        return found ? read : throw new CredentialException($"The OCI configuration file has no profile {name}; correct `profile`.");
    }

    private static string Pem(string file) => Text(file, "key_file", isPrivate: true) is var text && text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? text
        : throw new CredentialException("The file that `key_file` names holds no private key in PEM.");

    private static string Text(string file, string key, bool isPrivate)
    {
        try
        {
            if (isPrivate && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            {
                throw new CredentialException($"The file that `{key}` names may be read by others; run `chmod 600` on it.");
            }

            return new FileInfo(file).Length <= Most ? File.ReadAllText(file) : throw new IOException("too large");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException($"The file that `{key}` names cannot be read; check its path and permissions.");
        }
    }
}
