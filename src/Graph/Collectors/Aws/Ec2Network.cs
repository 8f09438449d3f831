using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Amazon.EC2;
using Amazon.EC2.Model;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>VPCs, subnets, route tables and gateways.</summary>
internal static class Ec2Network
{
    public static IReadOnlyList<Listing> Listings { get; } =
    [
        new("ec2", "AWS::EC2::VPC", "ec2:DescribeVpcs", VpcsAsync),
        new("ec2", "AWS::EC2::Subnet", "ec2:DescribeSubnets", SubnetsAsync),
        new("ec2", "AWS::EC2::RouteTable", "ec2:DescribeRouteTables", RouteTablesAsync),
        new("ec2", "AWS::EC2::InternetGateway", "ec2:DescribeInternetGateways", InternetGatewaysAsync),
        new("ec2", "AWS::EC2::NatGateway", "ec2:DescribeNatGateways", NatGatewaysAsync),
    ];

    private static async IAsyncEnumerable<Observation> VpcsAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Ec2.Pages(scope, (c, token) => c.DescribeVpcsAsync(new DescribeVpcsRequest { MaxResults = 1000, NextToken = token }, stop), p => p.NextToken, stop);
        await foreach (var vpc in pages.SelectMany(p => p.Vpcs ?? []).ConfigureAwait(false))
        {
            yield return Ec2.Seen(scope, "vpc", vpc.VpcId, "AWS::EC2::VPC", vpc.Tags, vpc.State, vpc.OwnerId, Facts.Of(
                ("CidrBlock", vpc.CidrBlock), ("IsDefault", vpc.IsDefault), ("InstanceTenancy", vpc.InstanceTenancy?.Value), ("DhcpOptionsId", vpc.DhcpOptionsId)));
        }
    }

    private static async IAsyncEnumerable<Observation> SubnetsAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Ec2.Pages(scope, (c, token) => c.DescribeSubnetsAsync(new DescribeSubnetsRequest { MaxResults = 1000, NextToken = token }, stop), p => p.NextToken, stop);
        await foreach (var subnet in pages.SelectMany(p => p.Subnets ?? []).ConfigureAwait(false))
        {
            yield return Ec2.Seen(scope, "subnet", subnet.SubnetId, "AWS::EC2::Subnet", subnet.Tags, subnet.State, subnet.OwnerId, Facts.Of(
                ("VpcId", subnet.VpcId), ("CidrBlock", subnet.CidrBlock), ("AvailabilityZone", subnet.AvailabilityZone),
                ("MapPublicIpOnLaunch", subnet.MapPublicIpOnLaunch), ("DefaultForAz", subnet.DefaultForAz)));
            foreach (var relation in Relate.One(subnet.VpcId, RelationType.Contains, subnet.SubnetId))
            {
                yield return relation;
            }
        }
    }

    private static async IAsyncEnumerable<Observation> RouteTablesAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Ec2.Pages(scope, (c, token) => c.DescribeRouteTablesAsync(new DescribeRouteTablesRequest { MaxResults = 100, NextToken = token }, stop), p => p.NextToken, stop);
        await foreach (var table in pages.SelectMany(p => p.RouteTables ?? []).ConfigureAwait(false))
        {
            var associations = table.Associations ?? [];
            var main = associations.Any(a => a.Main == true);
            yield return Ec2.Seen(scope, "route-table", table.RouteTableId, "AWS::EC2::RouteTable", table.Tags, null, table.OwnerId, Facts.Of(
                ("VpcId", table.VpcId), ("Main", main), ("Routes", Routes(table)), ("Subnets", Facts.List(associations.Select(a => a.SubnetId)))));
            IEnumerable<Observation> relations =
            [
                .. Relate.One(table.VpcId, RelationType.Contains, table.RouteTableId),
                .. Relate.From(associations.Select(a => a.SubnetId), RelationType.RoutesVia, table.RouteTableId),
                .. main ? Relate.One(table.VpcId, RelationType.RoutesVia, table.RouteTableId) : [],
                .. Relate.To(table.RouteTableId, RelationType.RoutesVia, (table.Routes ?? []).Select(Gateway).Where(g => g != "local").Distinct()),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }

    private static async IAsyncEnumerable<Observation> InternetGatewaysAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Ec2.Pages(scope, (c, token) => c.DescribeInternetGatewaysAsync(new DescribeInternetGatewaysRequest { MaxResults = 1000, NextToken = token }, stop), p => p.NextToken, stop);
        await foreach (var gateway in pages.SelectMany(p => p.InternetGateways ?? []).ConfigureAwait(false))
        {
            var attachments = gateway.Attachments ?? [];
            yield return Ec2.Seen(scope, "internet-gateway", gateway.InternetGatewayId, "AWS::EC2::InternetGateway", gateway.Tags,
                attachments.Count > 0 ? "attached" : "detached", gateway.OwnerId, Facts.Of(("Vpcs", Facts.List(attachments.Select(a => a.VpcId)))));
            foreach (var relation in Relate.To(gateway.InternetGatewayId, RelationType.AttachedTo, attachments.Select(a => a.VpcId)))
            {
                yield return relation;
            }
        }
    }

    private static async IAsyncEnumerable<Observation> NatGatewaysAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        var pages = Ec2.Pages(scope, (c, token) => c.DescribeNatGatewaysAsync(new DescribeNatGatewaysRequest { MaxResults = 1000, NextToken = token }, stop), p => p.NextToken, stop);
        await foreach (var gateway in pages.SelectMany(p => p.NatGateways ?? []).ConfigureAwait(false))
        {
            if (gateway.State == NatGatewayState.Deleted)
            {
                continue; // AWS lists it for an hour after its end.
            }

            var addresses = gateway.NatGatewayAddresses ?? [];
            yield return Ec2.Seen(scope, "natgateway", gateway.NatGatewayId, "AWS::EC2::NatGateway", gateway.Tags, gateway.State?.Value, null, Facts.Of(
                ("VpcId", gateway.VpcId), ("SubnetId", gateway.SubnetId), ("ConnectivityType", gateway.ConnectivityType?.Value),
                ("PublicIps", Facts.List(addresses.Select(a => a.PublicIp)))));
            IEnumerable<Observation> relations =
            [
                .. Relate.One(gateway.SubnetId, RelationType.Hosts, gateway.NatGatewayId),
                .. Relate.To(gateway.NatGatewayId, RelationType.Uses, addresses.Select(a => a.NetworkInterfaceId)),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }

    private static string? Gateway(Route route) =>
        route.GatewayId ?? route.NatGatewayId ?? route.TransitGatewayId ?? route.VpcPeeringConnectionId ?? route.EgressOnlyInternetGatewayId
        ?? route.NetworkInterfaceId ?? route.InstanceId;

    private static JsonArray Routes(RouteTable table) => Facts.List((table.Routes ?? []).Select(r =>
        $"{r.DestinationCidrBlock ?? r.DestinationIpv6CidrBlock ?? r.DestinationPrefixListId} via {Gateway(r)}{(r.State == RouteState.Blackhole ? " (blackhole)" : "")}"));
}
