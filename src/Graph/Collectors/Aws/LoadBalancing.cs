using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Load balancers, their listeners and their target groups.</summary>
internal static class LoadBalancing
{
    private const string Balancer = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    private const string Listener = "AWS::ElasticLoadBalancingV2::Listener";
    private const string TargetGroup = "AWS::ElasticLoadBalancingV2::TargetGroup";

    public static IReadOnlyList<Listing> Listings { get; } =
    [
        new("elasticloadbalancing", Balancer, "elasticloadbalancing:DescribeLoadBalancers", BalancersAsync),
        new("elasticloadbalancing", Listener, "elasticloadbalancing:DescribeLoadBalancers and DescribeListeners", ListenersAsync),
        new("elasticloadbalancing", TargetGroup, "elasticloadbalancing:DescribeTargetGroups and DescribeTargetHealth", TargetGroupsAsync),
    ];

    private static async IAsyncEnumerable<Observation> BalancersAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var balancer in ListAsync(scope, "DescribeLoadBalancers", "LoadBalancers", [], stop, scope.Place).ConfigureAwait(false))
        {
            var arn = Arn(balancer, "LoadBalancerArn");
            var groups = balancer.Items("SecurityGroups").Select(g => g.Value).ToArray();
            var zones = balancer.Items("AvailabilityZones").Select(z => z.Text("SubnetId")).ToArray();
            yield return scope.Seen(arn, Balancer, balancer.Text("LoadBalancerName") ?? arn, Facts.Of(
                ("Type", balancer.Text("Type")), ("Scheme", balancer.Text("Scheme")), ("DNSName", balancer.Text("DNSName")), ("VpcId", balancer.Text("VpcId")),
                ("IpAddressType", balancer.Text("IpAddressType")), ("Subnets", Facts.List(zones)), ("SecurityGroups", Facts.List(groups))),
                await scope.Tags.OfAsync(arn, stop).ConfigureAwait(false), balancer.Child("State").Text("Code"));
            IEnumerable<Observation> relations =
            [
                .. Relate.To(arn, RelationType.SecuredBy, groups),
                .. Relate.From(zones, RelationType.Hosts, arn),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }

    private static async IAsyncEnumerable<Observation> ListenersAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var balancer in ListAsync(scope, "DescribeLoadBalancers", "LoadBalancers", [], stop, scope.Place).ConfigureAwait(false))
        {
            var owner = Arn(balancer, "LoadBalancerArn");
            await foreach (var listener in ListAsync(scope, "DescribeListeners", "Listeners", [("LoadBalancerArn", owner)], stop).ConfigureAwait(false))
            {
                var arn = Arn(listener, "ListenerArn");
                var targets = listener.Items("DefaultActions").SelectMany(Targets).Distinct().ToArray();
                yield return scope.Seen(arn, Listener, $"{balancer.Text("LoadBalancerName")}:{listener.Text("Port")}", Facts.Of(
                    ("Protocol", listener.Text("Protocol")), ("Port", listener.Number("Port")), ("SslPolicy", listener.Text("SslPolicy")), ("LoadBalancerArn", owner),
                    ("Certificates", Facts.List(listener.Items("Certificates").Select(c => c.Text("CertificateArn")))),
                    ("DefaultActions", Facts.List(listener.Items("DefaultActions").Select(a => a.Text("Type"))))),
                    await scope.Tags.OfAsync(arn, stop).ConfigureAwait(false));
                IEnumerable<Observation> relations =
                [
                    .. Relate.One(owner, RelationType.Contains, arn),
                    .. Relate.To(arn, RelationType.ConnectedTo, targets),
                ];
                foreach (var relation in relations)
                {
                    yield return relation;
                }
            }
        }
    }

    private static async IAsyncEnumerable<Observation> TargetGroupsAsync(AwsScope scope, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var group in ListAsync(scope, "DescribeTargetGroups", "TargetGroups", [], stop, scope.Place).ConfigureAwait(false))
        {
            var arn = Arn(group, "TargetGroupArn");
            yield return scope.Seen(arn, TargetGroup, group.Text("TargetGroupName") ?? arn, Facts.Of(
                ("Protocol", group.Text("Protocol")), ("Port", group.Number("Port")), ("TargetType", group.Text("TargetType")), ("VpcId", group.Text("VpcId")),
                ("HealthCheckPath", group.Text("HealthCheckPath")), ("HealthCheckProtocol", group.Text("HealthCheckProtocol"))),
                await scope.Tags.OfAsync(arn, stop).ConfigureAwait(false));
            var health = await scope.Signed.QueryAsync(AwsService.LoadBalancing, "DescribeTargetHealth", [("TargetGroupArn", arn)], stop).ConfigureAwait(false);
            var targets = group.Text("TargetType") is "instance" or "lambda" or "alb"
                ? AwsAnswer.List(health, "TargetHealthDescriptions", "NextMarker").Select(d => d.Child("Target").Text("Id")).Distinct().ToArray()
                : [];
            IEnumerable<Observation> relations =
            [
                .. Relate.From(group.Items("LoadBalancerArns").Select(b => b.Value), RelationType.ConnectedTo, arn),
                .. Relate.To(arn, RelationType.ConnectedTo, targets),
            ];
            foreach (var relation in relations)
            {
                yield return relation;
            }
        }
    }

    private static IAsyncEnumerable<XElement> ListAsync(AwsScope scope, string action, string list, (string, string?)[] of, CancellationToken stop, Place? place = null) =>
        Pages.ReadAsync(scope, token => scope.Signed.QueryAsync(AwsService.LoadBalancing, action, [.. of, ("PageSize", "400"), ("Marker", token)], stop), p => p.Text("NextMarker"), stop, place)
            .SelectMany(p => AwsAnswer.List(p, list, "NextMarker"));

    private static IEnumerable<string> Targets(XElement action) =>
        action.Child("ForwardConfig").Items("TargetGroups").Select(t => t.Text("TargetGroupArn")).Append(action.Text("TargetGroupArn")).OfType<string>();

    private static string Arn(XElement element, string name) => element.Text(name) ?? throw new AwsException(CloudFault.Garbage, $"an entry without {name}");
}
