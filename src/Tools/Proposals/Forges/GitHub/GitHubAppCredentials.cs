using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Git;
using Octokit;

namespace McpInfra.Tools.Proposals.Forges.GitHub;

/// <summary>Installation tokens of a GitHub App: good for an hour, for one repository, and for what the intent needs.</summary>
public sealed class GitHubAppCredentials(RepositorySettings repository, TimeProvider time) : ICredentialSource
{
    private readonly GitHubAppSettings app = repository.Forge.App ?? throw new ArgumentException("The forge has no App.", nameof(repository));

    /// <inheritdoc/>
    public string Description => $"GitHub App {app.Id}";

    /// <inheritdoc/>
    public bool Serves(CredentialIntent intent, Target target) => target.Type == "repository" && target.Repository == repository.Name;

    /// <inheritdoc/>
    public async ValueTask<Credential> IssueAsync(CredentialIntent intent, Target target, CancellationToken stop)
    {
        var full = repository.Forge.Repository?.Split('/') is [var owner, var name] ? (Owner: owner, Name: name) : throw new CredentialException("The forge has no repository. Set `forge.repository` to owner/name in the configuration.");
        try
        {
            var client = GitHubConnection.Open(repository.Forge, Token(), AuthenticationType.Bearer, stop);
            var issued = await GitHubConnection.AskAsync(async () =>
            {
                var installation = app.Installation ?? (await client.GitHubApps.GetRepositoryInstallationForCurrent(full.Owner, full.Name)).Id;
                var body = JsonSerializer.Serialize(new { repositories = new[] { full.Name }, permissions = Permissions(intent) });
                return (await client.Connection.Post<AccessToken>(ApiUrls.AccessTokens(installation), body, "application/vnd.github+json", "application/json")).Body;
            }, stop);
            return new Credential(issued.Token, issued.ExpiresAt);
        }
        catch (ForgeException exception)
        {
            throw new CredentialException(exception.Message, exception);
        }
    }

    private static Dictionary<string, string> Permissions(CredentialIntent intent) => intent switch
    {
        CredentialIntent.OpenPullRequest => new() { ["contents"] = "write", ["pull_requests"] = "write", ["metadata"] = "read" },
        _ => new() { ["contents"] = "read", ["metadata"] = "read" },
    };

    // RFC 7519, RS256; GitHub takes at most ten minutes, and a minute's start in the past for clocks that differ.
    private string Token()
    {
        using var key = Key();
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var text = Encode("""{"alg":"RS256","typ":"JWT"}"""u8) + "." + Encode(JsonSerializer.SerializeToUtf8Bytes(new { iat = now - 60, exp = now + 300, iss = app.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) }));
        return text + "." + Encode(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private RSA Key()
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(app.KeyFile));
            return key;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            // Not even the exception goes on: its text could hold part of the file.
            throw new CredentialException("The GitHub App's key file cannot be read as a PEM private key. Check `app.key_file` in the configuration and the file's permissions.");
        }
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
