namespace McpInfra.Graph.Correlation;

/// <summary>A scanner's rule as others name it too: `prowler-s3_bucket_public_access` and `security-control/S3.1` lose what only says who asked.</summary>
internal static class RuleName
{
    private static readonly string[] Prefixes = ["prowler-", "checkov-", "trivy-", "avd-"];

    /// <summary>The name in lower case.</summary>
    public static string Of(string rule)
    {
        var last = rule[(rule.LastIndexOf('/') + 1)..].ToLowerInvariant();
        return Prefixes.FirstOrDefault(prefix => last.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix && last.Length > prefix.Length ? last[prefix.Length..] : last;
    }
}
