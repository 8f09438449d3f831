using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials.Aws;

/// <summary>AWS keys: of a role assumed under a session policy, of a profile, or of the ambient chain. What is pinned to an account is checked to be of it.</summary>
/// <param name="policies">The session policy of each intent.</param>
/// <param name="time">The clock.</param>
public sealed class AwsIssuer(IReadOnlyDictionary<CredentialIntent, SessionPolicy> policies, TimeProvider time) : ICredentialIssuer
{
    private const int Hour = 3600;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public Cloud Cloud => Cloud.Aws;

    /// <inheritdoc/>
    public async ValueTask<Credential> IssueAsync(CloudCredential credential, CancellationToken stop)
    {
        var identity = (AwsIdentity)credential.Identity;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Deadline);
        var source = await SourceKeys.OfAsync(identity.Profile, stop);
        using var service = new TokenService(source, identity.Region, credential.TokenService, time);
        try
        {
            return identity.Role is { } role ? await AssumeAsync(service, credential, role, deadline.Token) : await CheckedAsync(service, credential, source, deadline.Token);
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // Not even the exception goes on: its text could name people and hosts.
            throw new CredentialException($"Credential of {credential.Owner}: {AwsRefusals.Explain(exception, identity, service)}");
        }
    }

    private async Task<Credential> AssumeAsync(TokenService service, CloudCredential credential, AssumedRole role, CancellationToken stop)
    {
        var asked = time.GetUtcNow();
        var answer = await service.Client.AssumeRoleAsync(Request(role, PolicyOf(credential, role)), stop);
        if (answer.Credentials is not { AccessKeyId: not null, SecretAccessKey: not null, SessionToken: not null, Expiration: { } end } keys)
        {
            throw new CredentialException($"Credential of {credential.Owner}: AWS STS answered garbage; check `sts` and any proxy in between.");
        }

        Pinned(credential, answer.AssumedRoleUser?.Arn?.Split(':') is [_, _, _, _, var account, ..] ? account : null);

        // Its end by its own clock; ours may differ.
        var life = new DateTimeOffset(end.ToUniversalTime()) - (service.Date ?? asked);
        return Credential.OfAws(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken, asked + life);
    }

    private static AssumeRoleRequest Request(AssumedRole role, SessionPolicy policy) => new()
    {
        RoleArn = role.Arn,
        RoleSessionName = role.SessionName,
        ExternalId = role.ExternalId,
        Policy = policy.Inline,
        PolicyArns = policy.Managed is { } managed ? [new PolicyDescriptorType { Arn = $"arn:{role.Arn.Split(':')[1]}:iam::aws:policy/{managed}" }] : null,
        DurationSeconds = Hour,
    };

    private SessionPolicy PolicyOf(CloudCredential credential, AssumedRole role) =>
        role.SessionPolicy is not { } file ? policies[credential.Intent]
        : SessionPolicy.TryRead(file, out var policy, out var fault) ? policy
        : throw new CredentialException($"Credential of {credential.Owner}: `session_policy` {fault}.");

    private async Task<Credential> CheckedAsync(TokenService service, CloudCredential credential, SourceKeys source, CancellationToken stop)
    {
        if (credential.Account is not null)
        {
            Pinned(credential, (await service.Client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), stop)).Account);
        }

        var now = time.GetUtcNow();
        return source.Expires is { } expires && expires <= now
            ? throw new CredentialException($"Credential of {credential.Owner}: the keys of the {(((AwsIdentity)credential.Identity).Profile is { } profile ? $"profile {profile}" : "ambient chain")} have expired; sign in again or renew them.")
            : Credential.OfAws(source.KeyId, source.Secret, source.SessionToken, source.Expires);
    }

    private static void Pinned(CloudCredential credential, string? account)
    {
        if (credential.Account is { } pinned && account != pinned)
        {
            throw new CredentialException($"Credential of {credential.Owner}: it is of another account than the {pinned} that it is pinned to; correct `account`, or the identity.");
        }
    }
}
