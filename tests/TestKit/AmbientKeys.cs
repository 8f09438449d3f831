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
    private readonly ConcurrentDictionary<string, ScanKeys> sources = new();

    /// <summary>What was recorded of them.</summary>
    public MemoryTrail Trail { get; } = new();

    /// <inheritdoc/>
    public ValueTask<ImmutableCredentials> OfAsync(SourceSettings source, CancellationToken stop) => sources.GetOrAdd(source.Name, _ => Keys(source)).OfAsync(source, stop);

    private ScanKeys Keys(SourceSettings source)
    {
        var credential = new CloudCredential(CredentialIntent.ScanSource, new AwsIdentity(null, null, "us-east-1"), $"source {source.Name}") { TokenService = source.Endpoint };
        var settings = new Settings { StateFolder = "", Sources = [source], SourceCredentials = [credential] };
        return new ScanKeys(IssuedCredentials.Of(settings, Trail, time), ScanKeys.Caller("acme", "pat", time), settings.SourceCredentials);
    }
}
