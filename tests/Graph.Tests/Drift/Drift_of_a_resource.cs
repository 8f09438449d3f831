using System.Text.Json.Nodes;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Drift;
using McpInfra.Graph.Tests.State;
using Xunit;

namespace McpInfra.Graph.Tests.Drift;

/// <summary>A cloud's word against a state's. What the real provider writes is compared in RealCloud.</summary>
public sealed class Drift_of_a_resource : IDisposable
{
    private const string Queue = "arn:aws:sqs:us-east-1:123456789012:orders";
    private const string Group = "arn:aws:ec2:us-east-1:123456789012:security-group/sg-0a1b2c3d4e5f60718";

    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private Task InCloudAsync(string id, string type, string facts, params (string Key, string Value)[] tags) => fixture.ScanCloudAsync(
        [new Observation.Seen(GraphFixture.Resource(id, type, tags: tags) with { Configuration = JsonNode.Parse(facts)!.AsObject() }), new Observation.Complete("123456789012", "us-east-1", type)]);

    private Task InStateAsync(string type, string attributes, string sensitive = "[]", string source = "state") =>
        fixture.ScanStateAsync(StateText.Of(StateText.Resource(type, "it", attributes, sensitive: sensitive)), source);

    private ResourceDrift Of(string id) => fixture.Graph.Describe(fixture.Graph.Resolve(id).Found!)!.Drift!;

    private static string QueueInState(string rest) => $$"""{"arn":"{{Queue}}","id":"https://sqs/orders","name":"orders",{{rest}}}""";

    [Fact]
    public async Task Is_told_attribute_by_attribute_listed_and_gone_when_it_is_mended()
    {
        await InStateAsync("aws_sqs_queue", QueueInState("""  "visibility_timeout_seconds":30,"delay_seconds":0,"kms_master_key_id":"","tags_all":{"owner":"ann"} """));
        await InCloudAsync(Queue, "AWS::SQS::Queue", """{"VisibilityTimeout":"90","DelaySeconds":"0","MessageRetentionPeriod":"60"}""", ("owner", "bob"), ("aws:made", "by-aws"));
        var drift = Of(Queue);
        Assert.Equal([new DriftedAttribute("visibility_timeout_seconds", "30", "90"), new DriftedAttribute("tags.owner", "ann", "bob")], drift.Drifted);
        Assert.Equal(["delay_seconds", "kms_master_key_id"], drift.Alike);
        Assert.Equal(["message_retention_seconds", "sqs_managed_sse_enabled"], drift.NotComparable.Select(one => one.Attribute));
        var listed = Assert.Single(fixture.Graph.Drifted(10).Resources);
        Assert.Equal((Queue, "visibility_timeout_seconds,tags.owner"), (listed.Resource.Id, string.Join(',', listed.Resource.Drifted)));
        Assert.Empty(fixture.Graphs.For("other").Drifted(10).Resources);
        Assert.Equal(0, fixture.Graphs.For("other").Drifted(10).Total);

        await InStateAsync("aws_sqs_queue", QueueInState("""  "visibility_timeout_seconds":90,"delay_seconds":0,"tags_all":{"owner":"bob"} """));
        Assert.Empty(Of(Queue).Drifted);
        Assert.Empty(fixture.Graph.Drifted(10).Resources);
    }

    [Fact]
    public async Task Never_shows_a_secret_nor_what_stands_for_one()
    {
        await InStateAsync("aws_sqs_queue", QueueInState("""  "delay_seconds":5,"kms_master_key_id":"[secret:key:0a1b2c3d]","tags_all":{"db_password":"hunter2-in-state","note":"AKIAIOSFODNN7EXAMPLE","x":"[secret:aws:0a1b2c3d]"} """),
            sensitive: """[[{"type":"get_attr","value":"delay_seconds"}]]""");
        await InCloudAsync(Queue, "AWS::SQS::Queue", """{"VisibilityTimeout":"90","DelaySeconds":"7","KmsMasterKeyId":"alias/x"}""", ("db_password", "hunter2-in-cloud"), ("note", "AKIAIOSFODNN7EXAMPLE"), ("x", "really"));
        var drift = Of(Queue);
        Assert.Empty(drift.Drifted);
        Assert.Empty(fixture.Graph.Drifted(10).Resources);
        Assert.Superset(new HashSet<string>(["delay_seconds", "kms_master_key_id", "tags.db_password", "tags.x"]), drift.NotComparable.Select(one => one.Attribute).ToHashSet());
    }

    [Fact]
    public async Task Of_what_a_side_could_not_read_is_not_guessed()
    {
        await InStateAsync("aws_s3_bucket", """{"arn":"arn:aws:s3:::b","id":"b","bucket":"b","tags_all":{"owner":"ann"}}""");
        await InCloudAsync("arn:aws:s3:::b", "AWS::S3::Bucket", """{"VersioningConfiguration":"Off","NotRead":["s3:GetBucketTagging","s3:GetBucketPublicAccessBlock"]}""");
        Assert.Empty(Of("arn:aws:s3:::b").Drifted);
        await InCloudAsync("arn:aws:s3:::b", "AWS::S3::Bucket", "{}");
        Assert.Equal("the cloud's listing tells none of the compared attributes", Of("arn:aws:s3:::b").Reason);
    }

    [Theory]
    [InlineData("{\"type\":\"ingress\",\"protocol\":\"tcp\",\"from_port\":443,\"to_port\":443,\"cidr_blocks\":[\"10.0.0.0/8\"],", "aws_security_group_rule", "tcp 443 10.0.0.0/8")]
    [InlineData("{\"ip_protocol\":\"-1\",\"referenced_security_group_id\":\"999988887777/sg-1\",", "aws_vpc_security_group_ingress_rule", "all sg-1")]
    [InlineData("{\"type\":\"ingress\",\"protocol\":\"6\",\"from_port\":1,\"to_port\":9,\"self\":true,", "aws_security_group_rule", "tcp 1-9 sg-0a1b2c3d4e5f60718")]
    public async Task Of_rules_counts_those_that_are_resources_of_their_own(string rule, string type, string line)
    {
        var own = $$"""{"arn":"{{Group}}","id":"sg-0a1b2c3d4e5f60718","vpc_id":"vpc-1","ingress":[{"cidr_blocks":["192.0.2.0/24"],"from_port":22,"protocol":"tcp","to_port":22,"self":false,"security_groups":[],"ipv6_cidr_blocks":[],"prefix_list_ids":[]}],"egress":[]}""";
        var part = rule + "\"security_group_id\":\"sg-0a1b2c3d4e5f60718\"}";
        await fixture.ScanStateAsync(StateText.Of(StateText.Resource("aws_security_group", "it", own), StateText.Resource(type, "more", part)));
        await InCloudAsync(Group, "AWS::EC2::SecurityGroup", $$"""{"VpcId":"vpc-1","SecurityGroupIngress":["tcp 22 192.0.2.0/24","{{line}}"]}""");
        Assert.Empty(Of(Group).Drifted);
        await InCloudAsync(Group, "AWS::EC2::SecurityGroup", $$"""{"VpcId":"vpc-1","SecurityGroupIngress":["{{line}}","udp 53 0.0.0.0/0"]}""");
        Assert.Equal(new DriftedAttribute("ingress", "tcp 22 192.0.2.0/24 (besides 1 that both have)", "udp 53 0.0.0.0/0 (besides 1 that both have)"), Assert.Single(Of(Group).Drifted));
    }

    [Fact]
    public async Task Of_rules_that_another_state_adds_is_not_reported()
    {
        await InStateAsync("aws_security_group", $$"""{"arn":"{{Group}}","id":"sg-0a1b2c3d4e5f60718","vpc_id":"vpc-1","ingress":[],"egress":[]}""");
        await InStateAsync("aws_security_group_rule", """{"type":"ingress","protocol":"tcp","from_port":443,"to_port":443,"cidr_blocks":["10.0.0.0/8"],"security_group_id":"sg-0a1b2c3d4e5f60718"}""", source: "other");
        await fixture.ScanCloudAsync([new Observation.Seen(GraphFixture.Resource(Group, "AWS::EC2::SecurityGroup") with { Aliases = ["sg-0a1b2c3d4e5f60718"], Configuration = JsonNode.Parse("""{"VpcId":"vpc-1","SecurityGroupIngress":["tcp 443 10.0.0.0/8"]}""")!.AsObject() })]);
        Assert.Empty(Of(Group).Drifted);
        Assert.Empty(fixture.Graph.Drifted(10).Resources);
        Assert.Contains(new UncomparedAttribute("ingress", "another state configures it too"), Of(Group).NotComparable);
    }

    [Fact]
    public async Task Of_policies_is_by_statement_however_they_are_written()
    {
        const string id = "arn:aws:iam::123456789012:policy/read";
        await InStateAsync("aws_iam_policy", $$"""{"arn":"{{id}}","id":"{{id}}","path":"/","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":[\"b\",\"a\"]}]}"}""");
        await InCloudAsync(id, "AWS::IAM::ManagedPolicy", """{"Path":"/","PolicyDocument":{"Statement":{"Action":["s3:GetObject"],"Resource":["a","b"],"Effect":"Allow"},"Version":"2012-10-17"}}""");
        Assert.Empty(Of(id).Drifted);
        await InCloudAsync(id, "AWS::IAM::ManagedPolicy", """{"Path":"/","PolicyDocument":{"Statement":[{"Action":["s3:GetObject"],"Resource":["a","b"],"Effect":"Allow"},{"Action":"*","Resource":"*","Effect":"Allow"}],"Version":"2012-10-17"}}""");
        Assert.Equal("{Action: *, Effect: Allow, Resource: *} (besides 2 that both have)", Assert.Single(Of(id).Drifted).Cloud);
    }

    [Theory]
    [InlineData("azurerm_storage_account", "Microsoft.Storage/storageAccounts", "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a", "\"min_tls_version\":\"TLS1_2\",\"public_network_access_enabled\":true,\"location\":\"us-east-1\"",
        "{\"minimumTlsVersion\":\"TLS1_0\",\"publicNetworkAccess\":\"Enabled\"}", "min_tls_version")]
    [InlineData("google_storage_bucket", "storage.googleapis.com/Bucket", "https://www.googleapis.com/storage/v1/b/logs", "\"self_link\":\"https://www.googleapis.com/storage/v1/b/logs\",\"storage_class\":\"STANDARD\",\"uniform_bucket_level_access\":true",
        "{\"storageClass\":\"STANDARD\",\"iamConfiguration.uniformBucketLevelAccess.enabled\":false}", "uniform_bucket_level_access")]
    [InlineData("aws_db_instance", "AWS::RDS::DBInstance", "arn:aws:rds:us-east-1:123456789012:db:d", "\"arn\":\"arn:aws:rds:us-east-1:123456789012:db:d\",\"engine_version\":\"15\",\"publicly_accessible\":false,\"vpc_security_group_ids\":[\"sg-2\",\"sg-1\"]",
        "{\"EngineVersion\":\"15.4\",\"PubliclyAccessible\":true,\"VPCSecurityGroups\":[\"sg-1\",\"sg-2\"]}", "publicly_accessible")]
    [InlineData("kubernetes_deployment", "apps/Deployment", "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "\"metadata\":[{\"uid\":\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\",\"name\":\"web\",\"namespace\":\"shop\"}],\"spec\":[{\"replicas\":\"2\"}]", "{\"replicas\":5}", "spec.replicas")]
    public async Task Is_seen_in_every_cloud_that_has_a_mapping(string type, string provider, string id, string attributes, string facts, string drifted)
    {
        await InStateAsync(type, $$"""{"id":"{{(type.StartsWith("kubernetes", StringComparison.Ordinal) ? "shop/web" : id)}}","name":"web",{{attributes}}}""");
        await InCloudAsync(id, provider, facts);
        Assert.Equal(drifted, Assert.Single(Of(id).Drifted).Attribute);
    }

    [Theory]
    [InlineData("\"not json\"")]
    [InlineData("\"{\\\"Statement\\\":1,\\\"Statement\\\":2}\"")]
    [InlineData("\"[[[]]]\"")]
    [InlineData("{\"Statement\":[]}")]
    [InlineData("7")]
    public async Task Of_a_policy_that_is_none_stops_no_scan(string policy)
    {
        const string id = "arn:aws:iam::123456789012:policy/read";
        await InStateAsync("aws_iam_policy", $$"""{"arn":"{{id}}","id":"{{id}}","path":"/","policy":{{policy}}}""");
        await InCloudAsync(id, "AWS::IAM::ManagedPolicy", """{"Path":"/other/","PolicyDocument":{"Statement":"*"}}""");
        Assert.Contains(Of(id).Drifted, one => one.Attribute == "path");
    }

    [Theory]
    [InlineData(false, "no state manages it")]
    [InlineData(true, "no attribute of this type has a mapping between a state and a cloud")]
    public async Task That_cannot_be_says_why(bool managed, string reason)
    {
        await InCloudAsync("arn:aws:x:::1", "AWS::Never::Heard", """{"A":1}""");
        if (managed)
        {
            await InStateAsync("aws_never_heard", """{"arn":"arn:aws:x:::1","id":"x:1"}""");
        }

        Assert.Equal(reason, Of("arn:aws:x:::1").Reason);
    }
}
