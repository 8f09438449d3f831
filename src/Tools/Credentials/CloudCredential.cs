using System.Security.Cryptography;
using System.Text;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials;

/// <summary>A configured credential: for one intent of one source or stack on one cloud. The endpoints that it may be used at are part of it.</summary>
/// <param name="Intent">What it may be used for.</param>
/// <param name="Identity">As whom, and how that is proven.</param>
/// <param name="Owner">`source NAME`, `source NAME/ACCOUNT`, or `REPOSITORY/STACK`: what it was configured on.</param>
public sealed record CloudCredential(CredentialIntent Intent, CloudIdentity Identity, string Owner)
{
    /// <summary>The cloud.</summary>
    public Cloud Cloud => Identity.Cloud;

    /// <summary>The one account, subscription or project it may be used in; null for whichever the identity has.</summary>
    public string? Account { get; init; }

    /// <summary>host:port of emulators and private endpoints that belong to it, besides the cloud's own hosts.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Address of the token service that issues it; null for the cloud's own.</summary>
    public Uri? TokenService { get; init; }

    /// <summary>Whether it is for IAM alone: AWS lets no session of a user's keys ask IAM, so those reads are signed with the keys themselves.</summary>
    public bool IsForIam { get; private init; }

    /// <summary>Whether a user's keys are narrowed to a session before they are used: plans, where there is a token service to ask.</summary>
    public bool IsFederated => Identity is AwsIdentity { Role: null } && Intent is CredentialIntent.PlanStack && !IsForIam && (Endpoints.Count == 0 || TokenService is not null);

    /// <summary>As whom, and what keeps it to reads, in our own words.</summary>
    public string Told => Identity.IsNarrowed ? $"{Identity.Description}, narrowed by a session policy of this intent"
        : $"{Identity.Description}, {(IsFederated ? "narrowed by a session policy of this intent where its keys are a user's (IAM aside, which answers no such session); a role's session is used with" : "with")} all the rights that it has: nothing but this server keeps it to reads. {(Cloud is Cloud.Aws ? "Name a role in `credentials` to have AWS narrow it" : "Give the identity no more than roles that read")}";

    /// <summary>What to ask <see cref="ICredentials"/> for.</summary>
    public Target Target => new() { Id = $"{Owner}#{Cloud.ToString().ToLowerInvariant()}{(IsForIam ? " iam" : "")}", Type = "credential", Account = Account };

    /// <summary>The same in an account of its organisation; null where it is of none.</summary>
    /// <param name="account">12 digits.</param>
    public CloudCredential? In(string account) => Identity is AwsIdentity { Members: not null } aws ? this with { Identity = aws.In(account), Owner = $"{Owner}/{account}", Account = account } : null;

    /// <summary>What reads of IAM are signed with: the same where a role is assumed, whose session may ask it.</summary>
    public CloudCredential ForIam() => this with { IsForIam = IsFederated };

    /// <summary>The owner of a credential of a source, or of one of its accounts.</summary>
    public static string OwnerOf(string source, string account = "") => account.Length == 0 ? $"source {source}" : $"source {source}/{account}";

    /// <summary>A hash over all of it that changes whenever any of it does.</summary>
    public string Mark() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [$"{Intent} {Owner} {Account} {TokenService} {Identity}", .. Endpoints.Order(StringComparer.Ordinal)]))));
}
