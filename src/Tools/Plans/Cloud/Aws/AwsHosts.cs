using System.Text.RegularExpressions;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>AWS's own hosts in all its partitions, and which service a host is. Source: AWS's endpoints by partition, service endpoints of the general reference.</summary>
internal static partial class AwsHosts
{
    private static readonly string[] Suffixes =
    [
        ".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws", ".on.aws", ".api.amazonwebservices.com.cn", ".api.amazonwebservices.eu",
        ".c2s.ic.gov", ".sc2s.sgov.gov", ".cloud.adc-e.uk", ".csp.hci.ic.gov", ".aws.dev", ".amazonaws-us-gov.com",
    ];

    /// <summary>Whether the host is AWS's.</summary>
    public static bool Contains(Endpoint endpoint) => Suffix(endpoint.Host) is not null;

    /// <summary>The region that the host names; empty for none.</summary>
    public static string Region(string host) => Labels(host).FirstOrDefault(label => IsRegion().IsMatch(label)) ?? "";

    /// <summary>What stands before the service's own labels when the host is that model's for the region: a bucket, an account, empty for nothing; null when it is not its host.</summary>
    public static string? Before(AwsModel model, string host, string region)
    {
        var labels = Labels(host);
        var isPrivate = labels is [.., "vpce"];
        labels = isPrivate ? labels[..^1] : labels;
        if (labels.Length > 0 && IsRegion().IsMatch(labels[^1]))
        {
            if (labels[^1] != region)
            {
                return null;
            }

            labels = labels[..^1];
        }
        else if (labels is [.., "us-gov"])
        {
            labels = labels[..^1];
        }

        labels = labels is [.., "dualstack"] ? labels[..^1] : labels;
        if (Names(model, region).Select(name => Rest(labels, name)).FirstOrDefault(rest => rest is not null) is not { } rest)
        {
            return null;
        }

        rest = isPrivate && rest.Length > 0 && rest[^1].StartsWith("vpce-", StringComparison.Ordinal) ? rest[..^1] : rest;
        return model.Signing == "s3" && isPrivate && rest is ["bucket" or "accesspoint" or "control"] ? "" : string.Join('.', rest);
    }

    private static IEnumerable<string> Names(AwsModel model, string region)
    {
        yield return model.Host;
        if (model.Host.StartsWith("api.", StringComparison.Ordinal))
        {
            yield return model.Host[4..];
        }

        if (model.Host == "dynamodb")
        {
            yield return "ddb";
        }

        if (model.Host == "s3")
        {
            yield return "s3-" + region;
            yield return "s3-accesspoint";
        }
    }

    private static string[]? Rest(string[] labels, string name)
    {
        var wanted = name.Split('.');
        if (labels.Length < wanted.Length)
        {
            return null;
        }

        for (var at = 0; at < wanted.Length; at++)
        {
            var label = labels[labels.Length - wanted.Length + at];
            if (label != wanted[at] && label != wanted[at] + "-fips")
            {
                return null;
            }
        }

        return [.. labels.Take(labels.Length - wanted.Length)];
    }

    private static string[] Labels(string host) => Suffix(host) is { } suffix ? host[..^suffix.Length].Split('.') : [];

    private static string? Suffix(string host) => Suffixes.Where(suffix => host.EndsWith(suffix, StringComparison.Ordinal) && host.Length > suffix.Length).MaxBy(suffix => suffix.Length);

    [GeneratedRegex(@"^(?:[a-z]{2}|us-gov|us-isof?|us-isob|eu-isoe|eusc-de)-[a-z]+-\d{1,2}$", RegexOptions.CultureInvariant)]
    private static partial Regex IsRegion();
}
