using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials.Aws;

/// <summary>Keys of a profile or of the ambient chain, found as the SDK finds them: environment, shared files, containers and instance metadata.</summary>
internal sealed class SourceKeys : AWSCredentials
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private readonly ImmutableCredentials keys;

    private SourceKeys(ImmutableCredentials keys, DateTime? expires)
    {
        this.keys = keys;
        Expires = expires is { } end && end != default ? new DateTimeOffset(end.ToUniversalTime()) : null;
    }

    public string KeyId => keys.AccessKey;

    public string Secret => keys.SecretKey;

    public string? SessionToken => keys.UseToken ? keys.Token : null;

    /// <summary>When they stop working; null when that is not known.</summary>
    public DateTimeOffset? Expires { get; }

    public override ImmutableCredentials GetCredentials() => keys;

    /// <exception cref="CredentialException">There are none, or finding them takes too long.</exception>
    public static async Task<SourceKeys> OfAsync(string? profile, CancellationToken stop)
    {
        // Finding may wait for instance metadata, or for a profile's program, without heeding a token.
        var finding = Task.Run(() => FindAsync(profile, stop), stop);
        try
        {
            return await finding.WaitAsync(Deadline, stop);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested && exception is not CredentialException)
        {
            throw Missing(profile);
        }
    }

    private static async Task<SourceKeys> FindAsync(string? profile, CancellationToken stop)
    {
        // Named here, because the library looks for this file only once a process.
        var found = profile is null ? await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(new AmazonSecurityTokenServiceConfig(), stop)
            : new CredentialProfileStoreChain(Environment.GetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE")).TryGetAWSCredentials(profile, out var named) ? named
            : throw new CredentialException($"There is no AWS profile {profile} on the server's account; add it with `aws configure --profile {profile}`, or correct `profile`.");
        var keys = await found.GetCredentialsAsync();
        return new SourceKeys(keys, found.Expiration);
    }

    private static CredentialException Missing(string? profile) => new(profile is null
        ? "There are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is attached; for a profile that signs in through SSO, run `eval \"$(aws configure export-credentials --format env)\"` first."
        : $"The AWS profile {profile} gives no credentials; for one that signs in through SSO, run `aws configure export-credentials --profile {profile}` and put its keys into a profile, or name a role.");
}
