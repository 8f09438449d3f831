using System.Collections.Frozen;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>What an ARN says of the resource that it names.</summary>
/// <param name="Type">The type as CloudFormation names it, else as the tagging API does: `elasticache:user`.</param>
/// <param name="Name">The last part.</param>
/// <param name="Account">The account; null where the ARN holds none.</param>
/// <param name="Region">The region; null where the ARN holds none.</param>
internal sealed record AwsArn(string Type, string Name, string? Account, string? Region)
{
    private static readonly FrozenDictionary<string, string> Types = EmbeddedTable.Rows("Aws", "arns.txt").ToFrozenDictionary(row => row[0], row => row[1], StringComparer.Ordinal);

    /// <summary>Null for what is no ARN.</summary>
    public static AwsArn? Of(string text)
    {
        if (text.Split(':', 6) is not ["arn", { Length: > 0 }, { Length: > 0 } service, var region, var account, { Length: > 0 } resource])
        {
            return null;
        }

        var parts = resource.Split(['/', ':'], StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0 ? null : new AwsArn(TypeOf(service, parts), parts[^1], account is { Length: 12 } ? account : null, region.Length > 0 ? region : null);
    }

    // A resource of one part has no kind in its ARN: `arn:aws:sqs:us-east-1:123456789012:jobs`.
    private static string TypeOf(string service, string[] parts) =>
        (parts.Length > 2 ? Types.GetValueOrDefault($"{service}:{parts[0]}/{parts[1]}") : null)
        ?? (parts.Length > 1 ? Types.GetValueOrDefault($"{service}:{parts[0]}") : null)
        ?? Types.GetValueOrDefault($"{service}:*")
        ?? (parts.Length > 1 ? $"{service}:{parts[0]}" : service);
}
