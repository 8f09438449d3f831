using System.Runtime.CompilerServices;
using System.Text.Json;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Queues; messages are never received.</summary>
internal static class Sqs
{
    public static IReadOnlyList<Listing> Listings { get; } = [new("sqs", "AWS::SQS::Queue", "sqs:ListQueues and sqs:GetQueueAttributes", QueuesAsync)];

    private static async IAsyncEnumerable<Observation> QueuesAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var client = scope.Client(s => new AmazonSQSClient(s.Connection.Credentials, s.Connection.Configure(new AmazonSQSConfig(), s.Region)));
        var pages = Pages.ReadAsync(scope, token => client.ListQueuesAsync(new ListQueuesRequest { MaxResults = 1000, NextToken = token }, stop), p => p.NextToken, stop, scope.Place);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            await foreach (var queue in Pages.EachAsync(page.QueueUrls ?? [], url => QueueAsync(scope, client, url, stop), stop).ConfigureAwait(false))
            {
                foreach (var observation in queue)
                {
                    yield return observation;
                }
            }
        }
    }

    private static async Task<IReadOnlyList<Observation>> QueueAsync(AwsScope scope, AmazonSQSClient client, string url, CancellationToken stop)
    {
        var asked = new Asked();
        var name = url[(url.LastIndexOf('/') + 1)..];
        var read = await asked.Async("sqs:GetQueueAttributes", async () => (await client.GetQueueAttributesAsync(
            new GetQueueAttributesRequest { QueueUrl = url, AttributeNames = ["All"] }, stop).ConfigureAwait(false)).Attributes).ConfigureAwait(false);
        if (read is null && asked.Refused.Count == 0)
        {
            return []; // Gone since it was listed.
        }

        string? Of(string attribute) => read?.GetValueOrDefault(attribute) is { Length: > 0 } value ? value : null;
        var arn = Of("QueueArn") ?? scope.Arn("sqs", name);
        var dead = DeadLetters(Of("RedrivePolicy"));
        return
        [
            scope.Seen(arn, "AWS::SQS::Queue", name, Facts.Of(
                ("FifoQueue", Of("FifoQueue")), ("KmsMasterKeyId", Of("KmsMasterKeyId")), ("SqsManagedSseEnabled", Of("SqsManagedSseEnabled")),
                ("VisibilityTimeout", Of("VisibilityTimeout")), ("MessageRetentionPeriod", Of("MessageRetentionPeriod")), ("DelaySeconds", Of("DelaySeconds")),
                ("DeadLetterQueue", dead), ("NotRead", Facts.List(asked.Refused))),
                await scope.Tags.OfAsync(arn, stop).ConfigureAwait(false), aliases: [url]),
            .. Relate.One(arn, RelationType.EncryptedBy, await scope.Keys.ResolveAsync(Of("KmsMasterKeyId"), stop).ConfigureAwait(false)),
            .. Relate.One(arn, RelationType.ConnectedTo, dead),
        ];
    }

    private static string? DeadLetters(string? policy)
    {
        if (policy is null)
        {
            return null;
        }

        using var read = JsonDocument.Parse(policy);
        return read.RootElement.Text("deadLetterTargetArn");
    }
}
