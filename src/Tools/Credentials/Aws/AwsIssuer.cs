using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials.Aws;

/// <summary>AWS keys: of a role assumed under a session policy, of a profile, or of the ambient chain; for plans a user's keys are narrowed to a session. What is pinned to an account is checked to be of it.</summary>
/// <param name="policies">The session policy of each intent.</param>
/// <param name="time">The clock.</param>
public sealed class AwsIssuer(IReadOnlyDictionary<CredentialIntent, SessionPolicy> policies, TimeProvider time) : ICredentialIssuer
{
    private const int Hour = 3600;
    private const string SessionName = "mcp-infra";
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
            return identity.Role is { } role ? await AssumeAsync(service, credential, role, deadline.Token)
                : credential.IsFederated && !service.IsSession ? await FederateAsync(service, credential, identity, deadline.Token)
                : await CheckedAsync(service, credential, source, deadline.Token);
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // Not even the exception goes on: its text could name people and hosts.
            throw new CredentialException($"Credential of {credential.Owner}: {AwsRefusals.Explain(exception, credential, service)}");
        }
    }

    private async Task<Credential> AssumeAsync(TokenService service, CloudCredential credential, AssumedRole role, CancellationToken stop)
    {
        var asked = time.GetUtcNow();
        var answer = await service.Client.AssumeRoleAsync(Request(role, PolicyOf(credential, role)), stop);
        return Session(service, credential, asked, answer.Credentials, answer.AssumedRoleUser?.Arn);
    }

    // A user's keys can be narrowed like this and in no other way; those of a session cannot.
    private async Task<Credential> FederateAsync(TokenService service, CloudCredential credential, AwsIdentity identity, CancellationToken stop)
    {
        var (asked, policy) = (time.GetUtcNow(), policies[credential.Intent]);
        var answer = await service.Client.GetFederationTokenAsync(new GetFederationTokenRequest { Name = SessionName, Policy = policy.Inline, PolicyArns = Managed(policy, identity.Partition), DurationSeconds = Hour }, stop);
        return Session(service, credential, asked, answer.Credentials, answer.FederatedUser?.Arn);
    }

    private static Credential Session(TokenService service, CloudCredential credential, DateTimeOffset asked, Amazon.SecurityToken.Model.Credentials? issued, string? arn)
    {
        if (issued is not { AccessKeyId: not null, SecretAccessKey: not null, SessionToken: not null, Expiration: { } end } keys)
        {
            throw new CredentialException($"Credential of {credential.Owner}: AWS STS answered garbage; check `sts` and any proxy in between.");
        }

        Pinned(credential, arn?.Split(':') is [_, _, _, _, var account, ..] ? account : null);

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
        PolicyArns = Managed(policy, role.Arn.Split(':')[1]),
        DurationSeconds = Hour,
    };

    private static List<PolicyDescriptorType>? Managed(SessionPolicy policy, string partition) =>
        policy.Managed is { } managed ? [new PolicyDescriptorType { Arn = $"arn:{partition}:iam::aws:policy/{managed}" }] : null;

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
