using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials;

/// <summary>A file that holds one secret of the server's account.</summary>
internal static class SecretFile
{
    private const int Most = 64 << 10;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Its text without surrounding white space.</summary>
    /// <param name="file">Absolute path.</param>
    /// <param name="key">The setting that names it.</param>
    /// <param name="isPrivate">Whether nobody else may read it. A token that a platform projects for an hour is readable by its pod; a secret is not.</param>
    /// <exception cref="CredentialException">It is not there, others may read it, or it is empty or no text of a secret.</exception>
    public static string Read(string file, string key, bool isPrivate)
    {
        try
        {
            if (isPrivate && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            {
                throw new CredentialException($"The file that `{key}` names may be read by others; run `chmod 600` on it.");
            }

            var text = new FileInfo(file).Length <= Most ? File.ReadAllText(file).Trim() : "";
            return text.Length > 0 && !text.Any(char.IsControl) ? text : throw new CredentialException($"The file that `{key}` names holds no secret on one line.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException($"The file that `{key}` names cannot be read; check its path and permissions.");
        }
    }
}
