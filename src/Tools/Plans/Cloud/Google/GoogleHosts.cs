using System.Text.RegularExpressions;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Google;

/// <summary>Google Cloud's own hosts.</summary>
internal static partial class GoogleHosts
{
    /// <summary>The run's metadata server; the name leads nowhere but to the gate.</summary>
    public static readonly Endpoint Metadata = new("google-metadata.mcp-infra.internal", 80);

    /// <summary>Where a pool's token is exchanged.</summary>
    public static readonly Endpoint TokenService = new("sts.googleapis.com", 443);

    /// <summary>Where tokens of service accounts are issued.</summary>
    public static readonly Endpoint Impersonation = new("iamcredentials.googleapis.com", 443);

    private static readonly string[] Suffixes = [".googleapis.com", ".google.com", ".googleusercontent.com", ".gcr.io", ".pkg.dev", ".run.app", ".cloudfunctions.net", ".appspot.com"];

    /// <summary>Whether the endpoint is Google's.</summary>
    public static bool Contains(Endpoint endpoint) => endpoint == Metadata || endpoint.Host is "gcr.io" or "googleapis.com" || Suffixes.Any(suffix => endpoint.Host.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>The service of a host, such as `compute`, also of one region's; null when it is no API.</summary>
    public static string? Service(Endpoint endpoint) => endpoint.Port == 443 && Api().Match(endpoint.Host) is { Success: true } match ? match.Groups["service"].Value : null;

    // SERVICE, REGION-SERVICE, SERVICE.REGION.rep; a bucket's own host has other labels before it.
    [GeneratedRegex(@"^(?:[a-z]+-[a-z]+[0-9]+-)?(?<service>[a-z]+)(?:\.[a-z]+-[a-z]+[0-9]+\.rep)?\.googleapis\.com$", RegexOptions.CultureInvariant)]
    private static partial Regex Api();
}
