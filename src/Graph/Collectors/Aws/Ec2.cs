using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>What all of EC2's listings share.</summary>
internal static class Ec2
{
    public static IAsyncEnumerable<T> Pages<T>(AwsScope scope, Func<AmazonEC2Client, string?, Task<T>> read, Func<T, string?> next, CancellationToken stop)
    {
        var client = scope.Client(s => new AmazonEC2Client(s.Connection.Credentials, s.Connection.Configure(new AmazonEC2Config(), s.Region)));
        return Aws.Pages.ReadAsync(scope, token => read(client, token), next, stop, scope.Place);
    }

    /// <summary>A resource by its short id, which is its alias; a shared one keeps its owner's account in its ARN.</summary>
    public static Observation Seen(
        AwsScope scope, string kind, string id, string type, IEnumerable<Tag>? tags, string? status, string? owner, JsonObject facts)
    {
        var read = AwsTags.Of(tags, t => t.Key, t => t.Value);
        var account = owner is { Length: 12 } ? owner : scope.Account;
        var arn = $"arn:{scope.Partition}:ec2:{scope.Region}:{account}:{kind}/{id}";
        return scope.Seen(arn, type, AwsTags.Name(read) ?? id, facts, read, status, aliases: [id]);
    }
}
