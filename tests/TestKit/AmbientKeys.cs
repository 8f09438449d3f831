using System.Collections.Concurrent;
using Amazon.Runtime;
using McpInfra.Graph;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Guardrails.Credentials;
using McpInfra.Host.Composition;
using McpInfra.Host.Settings;
using McpInfra.Tools.Credentials;

namespace McpInfra.TestKit;

/// <summary>The keys of sources that name no credential, issued as the server issues them.</summary>
public sealed class AmbientKeys(TimeProvider time) : ISourceKeys
{
    /// <summary>Name of the role that accounts of an organisation are read with.</summary>
    public const string Member = "mcp-infra-scan";

    private readonly ConcurrentDictionary<string, ScanKeys> sources = new();

    /// <summary>What was recorded of them.</summary>
    public MemoryTrail Trail { get; } = new();

    /// <inheritdoc/>
    public ValueTask<ImmutableCredentials> OfAsync(SourceSettings source, AccountSettings account, string? member, CancellationToken stop) =>
        sources.GetOrAdd(source.Name, _ => Keys(source)).OfAsync(source, account, member, stop);

    private ScanKeys Keys(SourceSettings source)
    {
        var credentials = source.Accounts.Select(account => new CloudCredential(
            CredentialIntent.ScanSource,
            new AwsIdentity(null, null, "us-east-1") { Members = account.MembersExcept is null ? null : new MemberRole(Member, "acme", "mcp-infra", null) },
            CloudCredential.OwnerOf(source.Name, account.Name)) { TokenService = account.Endpoint });
        var settings = new Settings { StateFolder = "", Sources = [source], SourceCredentials = [.. credentials] };
        return new ScanKeys(IssuedCredentials.Of(settings, Trail, time), ScanKeys.Caller("acme", "pat", time), settings.SourceCredentials);
    }
}
