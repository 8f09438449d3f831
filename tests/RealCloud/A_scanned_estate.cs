using System.Text;
using System.Text.RegularExpressions;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.S3;
using McpInfra.Graph;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Drift;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using McpInfra.Storage;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using Microsoft.Data.Sqlite;
using Xunit;

namespace McpInfra.RealCloud;

/// <summary>The estate in the graph: cloud, state and code joined.</summary>
[Collection(Estate.Name)]
public sealed class A_scanned_estate(Estate estate) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("graph-").FullName;
    private Database? database;

    private ResourceGraph Graph => new Graphs(database!, Path.Combine(folder, "snapshots"), TimeProvider.System).For("acme");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Holds_every_resource_of_the_state_once_with_its_address_file_and_line()
    {
        await ScanAsync();
        var entries = estate.Entries();
        Assert.InRange(entries.Count, 25, 1000);
        Assert.All(entries, entry =>
        {
            var row = Find(entry.Arn ?? entry.Id);
            Assert.Equal((true, entry.Address), (row.IsManaged, row.Address));
            Assert.Equal(Find(entry.Arn ?? entry.Id).Id, Find(entry.Address).Id);
            Assert.Matches($"^resource \"{entry.Type}\" \"{entry.Name}\"", File.ReadLines(Path.Combine(estate.Folder, row.File!)).ElementAt(row.Line!.Value - 1));
        });
        Assert.Equal(entries.Count, entries.Select(entry => Find(entry.Arn ?? entry.Id).Id).Distinct().Count());
    }

    [Theory]
    [InlineData("aws_subnet.private[0]", "aws_instance.web[0]")]
    [InlineData("aws_vpc.main", "aws_instance.web[0]")]
    [InlineData("aws_security_group.tier[\"web\"]", "aws_instance.web[1]")]
    [InlineData("aws_kms_key.data", "module.bucket[\"invoices\"].aws_s3_bucket.this")]
    [InlineData("aws_kms_key.data", "aws_sqs_queue.charges")]
    [InlineData("aws_kms_key.data", "aws_ebs_volume.records")]
    [InlineData("aws_iam_role.web", "aws_lambda_function.charge")]
    [InlineData("aws_iam_role.web", "aws_instance.web[0]")]
    [InlineData("aws_nat_gateway.out", "aws_route_table.private")]
    public async Task Runs_impact_from_what_is_used_to_its_users(string used, string user)
    {
        await ScanAsync();
        Assert.Contains(Graph.Trace(Find(used), TraceDirection.Impact, 4).Steps, step => step.Resource.Address == user);
        Assert.DoesNotContain(Graph.Trace(Find(user), TraceDirection.Impact, 4).Steps, step => step.Resource.Address == used);
    }

    [Fact]
    public async Task Shows_what_was_made_changed_and_removed_behind_terraforms_back()
    {
        await ScanAsync();
        using var ec2 = estate.Behind(keys => new AmazonEC2Client(keys, new AmazonEC2Config { ServiceURL = estate.Endpoint.ToString(), AuthenticationRegion = "us-east-1" }));
        var made = (await ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest("by-hand", "made by hand") { VpcId = Find("aws_vpc.main").Id.Split('/')[1] }, Stop)).GroupId;
        await using var suspended = await estate.SuspendAsync("payments-exports");

        var second = await ScanAsync();
        Assert.Equal((1, 1, 0), (second.Sources[0].Added, second.Sources[0].Changed, second.Sources[0].Gone));
        Assert.Equal((false, null), (Find(made).IsManaged, Find(made).Address));
        var change = Graph.Describe(Find("payments-exports"))!.Changes[0];
        Assert.Equal(("changed", "configuration.VersioningConfiguration"), (change.What, Assert.Single(change.Fields)));

        await ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = made }, Stop);
        Assert.Equal(1, (await ScanAsync()).Sources[0].Gone);
        Assert.NotNull(Find(made).GoneAt);
    }

    [Fact]
    public async Task Has_no_drift_as_terraform_made_it_and_shows_each_attribute_that_was_changed_behind_its_back()
    {
        await ScanAsync();
        Assert.Empty(Told(Graph.Drifted(100)));
        Assert.All(
            new[] { "payments-exports", "aws_security_group.tier[\"data\"]", "aws_route_table.private", "aws_lambda_function.charge", "aws_iam_role.web", "aws_sqs_queue.charges", "aws_kms_key.data", "aws_instance.web[0]" },
            name => Assert.InRange(Graph.Describe(Find(name))!.Drift!.Alike.Count, 3, 100));

        var group = Find("aws_security_group.tier[\"data\"]").Id.Split('/')[1];
        await using var suspended = await estate.SuspendAsync("payments-exports");
        await estate.AskAsync("ec2", "AuthorizeSecurityGroupIngress", ("Version", "2016-11-15"), ("GroupId", group), ("IpPermissions.1.IpProtocol", "tcp"), ("IpPermissions.1.FromPort", "22"), ("IpPermissions.1.ToPort", "22"), ("IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"));
        await estate.AskAsync("sqs", "SetQueueAttributes", ("Version", "2012-11-05"), ("QueueUrl", $"{estate.Endpoint}123456789012/payments-charges"), ("Attribute.1.Name", "VisibilityTimeout"), ("Attribute.1.Value", "77"));
        await estate.AskAsync("iam", "UpdateAssumeRolePolicy", ("Version", "2010-05-08"), ("RoleName", "payments-web"), ("PolicyDocument", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}"""));
        await estate.AskAsync("iam", "TagRole", ("Version", "2010-05-08"), ("RoleName", "payments-web"), ("Tags.member.1.Key", "by"), ("Tags.member.1.Value", "hand"));
        await ScanAsync();
        Assert.Equal(
            ["aws_iam_role.web assume_role_policy", "aws_iam_role.web tags.by", "aws_security_group.tier[\"data\"] ingress", "aws_sqs_queue.charges visibility_timeout_seconds", "module.bucket[\"exports\"].aws_s3_bucket.this versioning"],
            Told(Graph.Drifted(100)));
        Assert.Equal(new DriftedAttribute("versioning", "Enabled", "Suspended"), Assert.Single(Graph.Describe(Find("payments-exports"))!.Drift!.Drifted));
        Assert.Equal(new DriftedAttribute("visibility_timeout_seconds", "30", "77"), Assert.Single(Graph.Describe(Find("payments-charges"))!.Drift!.Drifted));
        var ingress = Assert.Single(Graph.Describe(Find("aws_security_group.tier[\"data\"]"))!.Drift!.Drifted);
        Assert.Equal(("no other than 1 that both have", "tcp 22 0.0.0.0/0 (besides 1 that both have)"), (ingress.State, ingress.Cloud));

        await estate.AskAsync("ec2", "RevokeSecurityGroupIngress", ("Version", "2016-11-15"), ("GroupId", group), ("IpPermissions.1.IpProtocol", "tcp"), ("IpPermissions.1.FromPort", "22"), ("IpPermissions.1.ToPort", "22"), ("IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"));
        await estate.AskAsync("sqs", "SetQueueAttributes", ("Version", "2012-11-05"), ("QueueUrl", $"{estate.Endpoint}123456789012/payments-charges"), ("Attribute.1.Name", "VisibilityTimeout"), ("Attribute.1.Value", "30"));
        await estate.AskAsync("iam", "UpdateAssumeRolePolicy", ("Version", "2010-05-08"), ("RoleName", "payments-web"), ("PolicyDocument", """{"Version":"2012-10-17","Statement":{"Principal":{"Service":["lambda.amazonaws.com","ec2.amazonaws.com"]},"Effect":"Allow","Action":["sts:AssumeRole"]}}"""));
        await estate.AskAsync("iam", "UntagRole", ("Version", "2010-05-08"), ("RoleName", "payments-web"), ("TagKeys.member.1", "by"));
        await ScanAsync();
        Assert.Equal(["module.bucket[\"exports\"].aws_s3_bucket.this versioning"], Told(Graph.Drifted(100)));
    }

    private static IEnumerable<string> Told(DriftPage page) => page.Resources.SelectMany(one => one.Resource.Drifted.Select(attribute => $"{one.Resource.Address} {attribute}")).Order(StringComparer.Ordinal);

    [Fact]
    public async Task Is_not_written_again_by_a_scan_that_sees_the_same()
    {
        await ScanAsync();
        var again = await ScanAsync();
        Assert.All(again.Sources, source => Assert.Equal((0, 0, 0), (source.Added, source.Changed, source.Gone)));
    }

    [Fact]
    public async Task Joins_a_load_balancer_to_what_it_serves()
    {
        await estate.ReadyAsync();
        var subnets = estate.Entries().Where(e => e is { Type: "aws_subnet", Name: "private" }).Select(e => e.Id).ToArray();
        var group = estate.Entries().Single(e => e.Type == "aws_lb_target_group").Arn!;
        var balancer = Regex.Match(
            await estate.AskAsync("elasticloadbalancing", "CreateLoadBalancer", ("Version", "2015-12-01"), ("Name", "by-hand"), ("Subnets.member.1", subnets[0]), ("Subnets.member.2", subnets[1])),
            "<LoadBalancerArn>([^<]+)").Groups[1].Value;
        await estate.AskAsync(
            "elasticloadbalancing", "CreateListener", ("Version", "2015-12-01"), ("LoadBalancerArn", balancer), ("Port", "80"), ("Protocol", "HTTP"),
            ("DefaultActions.member.1.Type", "forward"), ("DefaultActions.member.1.TargetGroupArn", group));
        await ScanAsync();
        var serves = Graph.Trace(Find(balancer), TraceDirection.DependsOn, 3).Steps.Select(step => step.Resource.Address).ToHashSet();
        Assert.Superset(new HashSet<string?>(["aws_lb_target_group.web", "aws_instance.web[0]", "aws_subnet.private[0]"]), serves);
        await estate.AskAsync("elasticloadbalancing", "DeleteLoadBalancer", ("Version", "2015-12-01"), ("LoadBalancerArn", balancer));
    }

    [Fact]
    public async Task Keeps_no_secret_in_any_file()
    {
        await ScanAsync();
        await ScanAsync();
        SqliteConnection.ClearAllPools();
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Encoding.UTF8.GetString(File.ReadAllBytes(file))).ToList();
        Assert.Contains(files, file => file.Contains("API_PASSWORD", StringComparison.Ordinal));
        Assert.All(Estate.Secrets, secret => Assert.DoesNotContain(files, file => file.Contains(secret, StringComparison.Ordinal)));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private ResourceRow Find(string resource) => Graph.Resolve(resource).Found ?? throw new InvalidOperationException($"{resource} is not in the graph");

    private async Task<ScanResult> ScanAsync()
    {
        await estate.ReadyAsync();
        database ??= Database.OpenSqlite(Path.Combine(folder, "graph.db"), GraphSchema.Schema);
        var code = new Repositories([new RepositorySettings("infra", estate.Folder, new ForgeSettings("local"), [new StackSettings(".")])], "acme", folder, TimeProvider.System);
        SourceSettings[] sources = [estate.Cloud, new("state", "terraform-state") { Path = estate.State, Repository = "infra", Stack = "." }];
        var scanned = await new Scanner(database, [new AwsCollector(new AmbientKeys(TimeProvider.System), TimeProvider.System), new StateCollector()], code, TimeProvider.System).ScanAsync("acme", sources, null, Stop);
        Assert.All(scanned.Sources, s => Assert.Null(s.Failure));
        Assert.All(scanned.Sources, s => Assert.Empty(s.Failures));
        return scanned;
    }
}
