using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Security groups, network interfaces, instances and volumes. User data is never asked for.</summary>
internal static class Ec2Compute
{
    public static IReadOnlyList<Listing> Listings { get; } =
    [
        new("ec2", "AWS::EC2::SecurityGroup", "ec2:DescribeSecurityGroups", SecurityGroupsAsync),
        new("ec2", "AWS::EC2::NetworkInterface", "ec2:DescribeNetworkInterfaces", NetworkInterfacesAsync),
        new("ec2", "AWS::EC2::Instance", "ec2:DescribeInstances", InstancesAsync),
        new("ec2", "AWS::EC2::Volume", "ec2:DescribeVolumes", VolumesAsync),
    ];

    private static async IAsyncEnumerable<Observation> SecurityGroupsAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Ec2.Pages(scope, (c, token) => c.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { MaxResults = 1000, NextToken = token }, stop), p => p.NextToken, stop);
        await foreach (var group in pages.SelectMany(p => p.SecurityGroups ?? []).ConfigureAwait(false))
        {
            // A group without a Name tag is known by its own name.
            var tags = AwsTags.Of(group.Tags, t => t.Key, t => t.Value);
            var arn = $"arn:{scope.Partition}:ec2:{scope.Region}:{(group.OwnerId is { Length: 12 } owner ? owner : scope.Account)}:security-group/{group.GroupId}";
            yield return scope.Seen(arn, "AWS::EC2::SecurityGroup", AwsTags.Name(tags) ?? group.GroupName ?? group.GroupId, Facts.Of(
                ("GroupName", group.GroupName), ("GroupDescription", group.Description), ("VpcId", group.VpcId),
                ("SecurityGroupIngress", Rules(group.IpPermissions)), ("SecurityGroupEgress", Rules(group.IpPermissionsEgress))), tags, aliases: [group.GroupId]);
            var named = (group.IpPermissions ?? []).Concat(group.IpPermissionsEgress ?? []).SelectMany(r => r.UserIdGroupPairs ?? []).Select(p => p.GroupId);
            IEnumerable<Observation> relations =
            [
                .. Relate.One(group.VpcId, RelationType.Contains, group.GroupId),
                .. Relate.To(group.GroupId, RelationType.Uses, named.Where(g => g != group.GroupId).Distinct()),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }

    private static async IAsyncEnumerable<Observation> NetworkInterfacesAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Ec2.Pages(scope, (c, token) => c.DescribeNetworkInterfacesAsync(new DescribeNetworkInterfacesRequest { MaxResults = 1000, NextToken = token }, stop), p => p.NextToken, stop);
        await foreach (var card in pages.SelectMany(p => p.NetworkInterfaces ?? []).ConfigureAwait(false))
        {
            var groups = (card.Groups ?? []).Select(g => g.GroupId).ToArray();
            yield return Ec2.Seen(scope, "network-interface", card.NetworkInterfaceId, "AWS::EC2::NetworkInterface", card.TagSet, card.Status?.Value, card.OwnerId, Facts.Of(
                ("VpcId", card.VpcId), ("SubnetId", card.SubnetId), ("Description", card.Description), ("InterfaceType", card.InterfaceType?.Value),
                ("PrivateIpAddress", card.PrivateIpAddress), ("PublicIp", card.Association?.PublicIp), ("SourceDestCheck", card.SourceDestCheck),
                ("RequesterManaged", card.RequesterManaged), ("DeleteOnTermination", card.Attachment?.DeleteOnTermination), ("GroupSet", Facts.List(groups))));
            IEnumerable<Observation> relations =
            [
                .. Relate.One(card.SubnetId, RelationType.Hosts, card.NetworkInterfaceId),
                .. Relate.One(card.NetworkInterfaceId, RelationType.AttachedTo, card.Attachment?.InstanceId),
                .. Relate.To(card.NetworkInterfaceId, RelationType.SecuredBy, groups),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }

    private static async IAsyncEnumerable<Observation> InstancesAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Ec2.Pages(scope, (c, token) => c.DescribeInstancesAsync(new DescribeInstancesRequest { MaxResults = 500, NextToken = token }, stop), p => p.NextToken, stop);
        await foreach (var instance in pages.SelectMany(p => (p.Reservations ?? []).SelectMany(r => r.Instances ?? [])).ConfigureAwait(false))
        {
            if (instance.State?.Name == InstanceStateName.Terminated)
            {
                continue; // AWS lists it for an hour after its end.
            }

            var groups = (instance.SecurityGroups ?? []).Select(g => g.GroupId).ToArray();
            yield return Ec2.Seen(scope, "instance", instance.InstanceId, "AWS::EC2::Instance", instance.Tags, instance.State?.Name?.Value, null, Facts.Of(
                ("InstanceType", instance.InstanceType?.Value), ("ImageId", instance.ImageId), ("VpcId", instance.VpcId), ("SubnetId", instance.SubnetId),
                ("AvailabilityZone", instance.Placement?.AvailabilityZone), ("PrivateIpAddress", instance.PrivateIpAddress), ("PublicIpAddress", instance.PublicIpAddress),
                ("KeyName", instance.KeyName), ("IamInstanceProfile", instance.IamInstanceProfile?.Arn), ("SecurityGroupIds", Facts.List(groups)),
                ("EbsOptimized", instance.EbsOptimized), ("Monitoring", instance.Monitoring?.State?.Value), ("HttpTokens", instance.MetadataOptions?.HttpTokens?.Value)));
            IEnumerable<Observation> relations =
            [
                .. Relate.One(instance.SubnetId, RelationType.Hosts, instance.InstanceId),
                .. Relate.To(instance.InstanceId, RelationType.SecuredBy, groups),
                .. Relate.One(instance.InstanceId, RelationType.Uses, instance.IamInstanceProfile?.Arn),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }

    private static async IAsyncEnumerable<Observation> VolumesAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Ec2.Pages(scope, (c, token) => c.DescribeVolumesAsync(new DescribeVolumesRequest { MaxResults = 500, NextToken = token }, stop), p => p.NextToken, stop);
        await foreach (var volume in pages.SelectMany(p => p.Volumes ?? []).ConfigureAwait(false))
        {
            yield return Ec2.Seen(scope, "volume", volume.VolumeId, "AWS::EC2::Volume", volume.Tags, volume.State?.Value, null, Facts.Of(
                ("Size", volume.Size), ("VolumeType", volume.VolumeType?.Value), ("AvailabilityZone", volume.AvailabilityZone), ("Encrypted", volume.Encrypted),
                ("KmsKeyId", volume.KmsKeyId), ("Iops", volume.Iops), ("SnapshotId", volume.SnapshotId),
                ("DeleteOnTermination", volume.Attachments is [var only] ? only.DeleteOnTermination : null)));
            IEnumerable<Observation> relations =
            [
                .. Relate.To(volume.VolumeId, RelationType.AttachedTo, (volume.Attachments ?? []).Select(a => a.InstanceId)),
                .. Relate.One(volume.VolumeId, RelationType.EncryptedBy, await scope.Keys.ResolveAsync(volume.KmsKeyId, stop).ConfigureAwait(false)),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }

    private static JsonArray Rules(List<IpPermission>? rules) => Facts.List((rules ?? []).SelectMany(r => Peers(r).Select(peer => $"{Ports(r)} {peer}")));

    private static IEnumerable<string> Peers(IpPermission rule) =>
        (rule.Ipv4Ranges ?? []).Select(r => r.CidrIp)
            .Concat((rule.Ipv6Ranges ?? []).Select(r => r.CidrIpv6))
            .Concat((rule.PrefixListIds ?? []).Select(p => p.Id))
            .Concat((rule.UserIdGroupPairs ?? []).Select(p => p.GroupId));

    private static string Ports(IpPermission rule) => (rule.IpProtocol, rule.FromPort, rule.ToPort) switch
    {
        ("-1", _, _) => "all",
        (var protocol, null or -1, _) => protocol,
        (var protocol, var from, var to) when from == to => $"{protocol} {from}",
        (var protocol, var from, var to) => $"{protocol} {from}-{to}",
    };
}
