using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Tables; items are never read.</summary>
internal static class DynamoDb
{
    public static IReadOnlyList<Listing> Listings { get; } = [new("dynamodb", "AWS::DynamoDB::Table", "dynamodb:ListTables and dynamodb:DescribeTable", TablesAsync)];

    private static async IAsyncEnumerable<Observation> TablesAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var client = scope.Client(s => new AmazonDynamoDBClient(s.Connection.Credentials, s.Connection.Configure(new AmazonDynamoDBConfig(), s.Region)));
        var pages = Pages.ReadAsync(
            scope, token => client.ListTablesAsync(new ListTablesRequest { Limit = 100, ExclusiveStartTableName = token }, stop), p => p.LastEvaluatedTableName, stop, scope.Place);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            await foreach (var table in Pages.EachAsync(AwsAnswer.List(page.TableNames, "TableNames", page.LastEvaluatedTableName), name => TableAsync(scope, client, name, stop), stop).ConfigureAwait(false))
            {
                foreach (var observation in table)
                {
                    yield return observation;
                }
            }
        }
    }

    private static async Task<IReadOnlyList<Observation>> TableAsync(AwsScope scope, AmazonDynamoDBClient client, string name, CancellationToken stop)
    {
        var asked = new Asked();
        var table = await asked.Async("dynamodb:DescribeTable", async () => (await client.DescribeTableAsync(name, stop).ConfigureAwait(false)).Table).ConfigureAwait(false);
        if (table is null && asked.Refused.Count == 0)
        {
            return []; // Gone since it was listed.
        }

        var arn = table?.TableArn ?? scope.Arn("dynamodb", "table/" + name);
        return
        [
            scope.Seen(arn, "AWS::DynamoDB::Table", name, Facts.Of(
                ("KeySchema", Facts.List((table?.KeySchema ?? []).Select(k => $"{k.KeyType}: {k.AttributeName}"))),
                ("BillingMode", table is null ? null : table.BillingModeSummary?.BillingMode?.Value ?? "PROVISIONED"), ("DeletionProtectionEnabled", table?.DeletionProtectionEnabled),
                ("StreamEnabled", table?.StreamSpecification?.StreamEnabled), ("SSEType", table?.SSEDescription?.SSEType?.Value),
                ("KMSMasterKeyId", table?.SSEDescription?.KMSMasterKeyArn), ("GlobalSecondaryIndexes", Facts.List(table?.GlobalSecondaryIndexes?.Select(i => i.IndexName))),
                ("NotRead", Facts.List(asked.Refused))),
                await scope.Tags.OfAsync(arn, stop).ConfigureAwait(false), table?.TableStatus?.Value),
            .. Relate.One(arn, RelationType.EncryptedBy, await scope.Keys.ResolveAsync(table?.SSEDescription?.KMSMasterKeyArn, stop).ConfigureAwait(false)),
        ];
    }
}
