using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Database instances.</summary>
internal static class Rds
{
    public static IReadOnlyList<Listing> Listings { get; } = [new("rds", "AWS::RDS::DBInstance", "rds:DescribeDBInstances", InstancesAsync)];

    private static async IAsyncEnumerable<Observation> InstancesAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Pages.ReadAsync(
            scope, token => scope.Signed.QueryAsync(AwsService.Rds, "DescribeDBInstances", [("MaxRecords", "100"), ("Marker", token)], stop), p => p.Text("Marker"), stop, scope.Place);
        await foreach (var database in pages.SelectMany(p => AwsAnswer.List(p, "DBInstances", "Marker")).ConfigureAwait(false))
        {
            var name = database.Text("DBInstanceIdentifier") ?? throw new AwsException(CloudFault.Garbage, "a database without a name");
            var arn = database.Text("DBInstanceArn") ?? scope.Arn("rds", "db:" + name);
            var network = database.Child("DBSubnetGroup");
            var groups = database.Items("VpcSecurityGroups").Select(g => g.Text("VpcSecurityGroupId")).ToArray();
            yield return scope.Seen(arn, "AWS::RDS::DBInstance", name, Facts.Of(
                ("Engine", database.Text("Engine")), ("EngineVersion", database.Text("EngineVersion")), ("DBInstanceClass", database.Text("DBInstanceClass")),
                ("AllocatedStorage", database.Number("AllocatedStorage")), ("MultiAZ", database.Flag("MultiAZ")), ("PubliclyAccessible", database.Flag("PubliclyAccessible")),
                ("StorageEncrypted", database.Flag("StorageEncrypted")), ("KmsKeyId", database.Text("KmsKeyId")), ("DeletionProtection", database.Flag("DeletionProtection")),
                ("BackupRetentionPeriod", database.Number("BackupRetentionPeriod")), ("DBSubnetGroupName", network.Text("DBSubnetGroupName")), ("VpcId", network.Text("VpcId")),
                ("VPCSecurityGroups", Facts.List(groups))), database.Tags("TagList"), database.Text("DBInstanceStatus"), aliases: [database.Text("DbiResourceId")]);
            IEnumerable<Observation> relations =
            [
                .. Relate.From(network.Items("Subnets").Select(s => s.Text("SubnetIdentifier")), RelationType.Hosts, arn),
                .. Relate.To(arn, RelationType.SecuredBy, groups),
                .. Relate.One(arn, RelationType.EncryptedBy, await scope.Keys.ResolveAsync(database.Text("KmsKeyId"), stop).ConfigureAwait(false)),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }
}
