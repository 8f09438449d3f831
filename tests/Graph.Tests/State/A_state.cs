using McpInfra.Graph.Queries;
using Xunit;
using static McpInfra.Graph.Tests.State.StateText;

namespace McpInfra.Graph.Tests.State;

public sealed class A_state : IDisposable
{
    private const string Vpc = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-0a1b2c3d4e5f60718";

    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private static string Network() => Of(
        Resource("aws_vpc", "main", $$$"""{"arn":"{{{Vpc}}}","id":"vpc-0a1b2c3d4e5f60718","cidr_block":"10.0.0.0/16","tags":{"Name":"core"},"tags_all":{"Name":"core","env":"staging"}}"""),
        Resource("aws_subnet", "a", """{"arn":"arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-0a1b2c3d4e5f60718","id":"subnet-0a1b2c3d4e5f60718","vpc_id":"vpc-0a1b2c3d4e5f60718"}""", ["aws_vpc.main"]),
        Resource("aws_security_group", "web", """{"arn":"arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0a1b2c3d4e5f60718","id":"sg-0a1b2c3d4e5f60718","name":"web","vpc_id":"vpc-0a1b2c3d4e5f60718"}""", ["aws_vpc.main"]),
        Resource("aws_security_group_rule", "in", """{"id":"sgrule-1","security_group_id":"sg-0a1b2c3d4e5f60718","cidr_blocks":["0.0.0.0/0"]}""", ["aws_security_group.web", "aws_vpc.main"]),
        Resource("aws_nat_gateway", "out", """{"id":"nat-0a1b2c3d4e5f60718","subnet_id":"subnet-0a1b2c3d4e5f60718"}""", ["aws_subnet.a", "aws_vpc.main"]),
        Resource("aws_instance", "web", """{"arn":"arn:aws:ec2:eu-west-1:123456789012:instance/i-0a1b2c3d4e5f60718","id":"i-0a1b2c3d4e5f60718","instance_state":"running","subnet_id":"subnet-0a1b2c3d4e5f60718","vpc_security_group_ids":["sg-0a1b2c3d4e5f60718"],"user_data":"curl -u admin:hunter2"}""",
            ["aws_subnet.a", "aws_security_group.web", "aws_vpc.main"], key: "0", module: "module.site[\"a.b\"]"),
        Resource("aws_ami", "read", """{"id":"ami-1"}""", mode: "data"));

    [Fact]
    public async Task Becomes_resources_in_the_providers_own_words()
    {
        var result = await fixture.ScanStateAsync(Network());
        Assert.Equal((5, false), (result.Sources[0].Resources, result.Failed));
        var instance = fixture.Graph.Resolve("i-0a1b2c3d4e5f60718").Found!;
        Assert.Equal(
            ("AWS::EC2::Instance", "aws", "123456789012", "eu-west-1", "module.site[\"a.b\"].aws_instance.web[0]", "running", true),
            (instance.Type, instance.Provider, instance.Account, instance.Region, instance.Address, instance.Status, instance.IsManaged));
        Assert.Equal(("core", "staging"), (fixture.Graph.Resolve(Vpc).Found!.Name, fixture.Graph.Resolve(Vpc).Found!.Environment));
    }

    [Fact]
    public async Task Tells_relations_in_the_common_vocabulary_and_direct_ones_only()
    {
        await fixture.ScanStateAsync(Network());
        var relations = fixture.Graph.Describe(fixture.Graph.Resolve("i-0a1b2c3d4e5f60718").Found!)!.Relations;
        Assert.Equal(
            [(RelationType.SecuredBy, true, "web"), (RelationType.Hosts, false, "subnet-0a1b2c3d4e5f60718")],
            relations.Select(relation => (relation.Type, relation.Forward, relation.Other.Name)));
        var impact = fixture.Graph.Trace(fixture.Graph.Resolve("core").Found!, TraceDirection.Impact, 2).Steps;
        Assert.Contains(impact, step => step is { Distance: 2, Resource.Type: "AWS::EC2::Instance" });
    }

    [Fact]
    public async Task Keeps_what_only_configures_another_as_a_part_of_it()
    {
        await fixture.ScanStateAsync(Network());
        Assert.Equal("web", fixture.Graph.Resolve("aws_security_group_rule.in").Found!.Name);
        Assert.Empty(fixture.Graph.Search(new SearchQuery { Type = "aws_security_group_rule" }).Resources);
    }

    [Fact]
    public async Task Merges_the_facts_of_parts_into_their_owner()
    {
        await fixture.ScanStateAsync(Of(
            Resource("aws_kms_key", "k", """{"arn":"arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555","id":"11111111-2222-3333-4444-555555555555"}"""),
            Resource("aws_kms_alias", "k", """{"arn":"arn:aws:kms:eu-west-1:123456789012:alias/orders","name":"alias/orders","target_key_id":"11111111-2222-3333-4444-555555555555"}""", ["aws_kms_key.k"]),
            Resource("aws_s3_bucket", "b", """{"arn":"arn:aws:s3:::acme-orders","id":"acme-orders","bucket":"acme-orders"}"""),
            Resource("aws_s3_bucket_versioning", "b", """{"id":"acme-orders","bucket":"acme-orders","versioning_configuration":[{"status":"Enabled"}]}""", ["aws_s3_bucket.b"]),
            Resource("aws_s3_bucket_server_side_encryption_configuration", "b",
                """{"id":"acme-orders","bucket":"acme-orders","rule":[{"apply_server_side_encryption_by_default":[{"sse_algorithm":"aws:kms","kms_master_key_id":"arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"}]}]}""",
                ["aws_kms_key.k", "aws_s3_bucket.b"])));
        Assert.Equal(2, fixture.Graph.Search(new SearchQuery()).Total);
        var bucket = fixture.Graph.Describe(fixture.Graph.Resolve("acme-orders").Found!)!;
        Assert.Equal("Enabled", bucket.Resource.Configuration["versioning"]!.GetValue<string>());
        Assert.Equal("aws:kms", bucket.Resource.Configuration["encryption"]!["sse_algorithm"]!.GetValue<string>());
        Assert.Equal((RelationType.EncryptedBy, "orders"), (bucket.Relations.Single().Type, bucket.Relations.Single().Other.Name));
        Assert.Equal("orders", fixture.Graph.Resolve("alias/orders").Found!.Name);
        Assert.Equal("acme-orders", fixture.Graph.Resolve("aws_s3_bucket_versioning.b").Found!.Name);
    }

    [Fact]
    public async Task Leaves_no_secret_in_any_table()
    {
        await fixture.ScanStateAsync(Of(
            Resource("aws_db_instance", "db", """{"arn":"arn:aws:rds:eu-west-1:123456789012:db:orders","id":"db-ABC","identifier":"orders","engine":"postgres","password":"hunter2-db","username":"admin","instance_class":"marked-sensitive","tags":{"api_token":"hunter2-tag","note":"AKIAIOSFODNN7EXAMPLE"}}""",
                sensitive: """[[{"type":"get_attr","value":"instance_class"}]]"""),
            Resource("aws_ssm_parameter", "p", """{"arn":"arn:aws:ssm:eu-west-1:123456789012:parameter/p","id":"/p","name":"/p","value":"hunter2-ssm"}"""),
            Resource("random_password", "r", """{"id":"none","result":"hunter2-random"}"""),
            Resource("random_string", "r", """{"id":"hunter2-string","result":"hunter2-string"}"""),
            Resource("aws_iam_access_key", "k", """{"id":"AKIAIOSFODNN7EXAMPLE","secret":"hunter2-iam","user":"u"}"""),
            Resource("terraform_data", "t", """{"id":"u","input":{"value":{"name":"t","db_password":"hunter2-input","hidden":"hunter2-hidden","plain":"shown"},"type":"dynamic"},"output":{"value":{"db_password":"hunter2-output"},"type":"dynamic"}}""",
                sensitive: """[[{"type":"get_attr","value":"input"},{"type":"get_attr","value":"hidden"}]]"""),
            Resource("terraform_data", "whole", """{"id":"w","input":{"value":{"name":"hunter2-whole"},"type":"dynamic"}}""", sensitive: """[[{"type":"get_attr","value":"input"}]]"""),
            Resource("aws_lambda_function", "f", """{"arn":"arn:aws:lambda:eu-west-1:123456789012:function:f","id":"f","function_name":"f","runtime":"python3.12","environment":[{"variables":{"KEY":"hunter2-env"}}]}""")));
        Assert.Equal(8, fixture.Graph.Search(new SearchQuery()).Total);
        var stored = Convert.ToHexString(Snapshot.WholeFile(fixture)).ToLowerInvariant();
        Assert.All(new[] { "hunter2", "AKIAIOSFODNN7EXAMPLE", "marked-sensitive", "output-secret-1" }, secret =>
            Assert.DoesNotContain(Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(secret)).ToLowerInvariant(), stored, StringComparison.Ordinal));
        Assert.Equal("shown", fixture.Graph.Describe(fixture.Graph.Resolve("t").Found!)!.Resource.Configuration["plain"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("{\"version\":3,\"serial\":1}", "version 3")]
    [InlineData("{\"hello\":1}", "not a Terraform state")]
    [InlineData("[]", "not a Terraform state")]
    [InlineData("no json", "not whole JSON")]
    [InlineData("", "is empty")]
    [InlineData("{\"version\":4,\"lineage\":\"a\",\"serial\":1}", "not a whole Terraform state")]
    [InlineData("{\"version\":4,\"lineage\":\"a\",\"serial\":1,\"resources\":[{\"mode\":\"managed\"}]}", "not a whole Terraform state")]
    [InlineData("{\"version\":4,\"lineage\":\"a\",\"serial\":1,\"resources\":[7]}", "not a whole Terraform state")]
    public async Task That_is_none_is_a_clear_fault_and_changes_nothing(string text, string fault)
    {
        await fixture.ScanStateAsync(Network());
        var before = Snapshot.Of(fixture);
        var result = await fixture.ScanStateAsync(text);
        Assert.True(result.Failed);
        Assert.Contains(fault, result.Sources[0].Failure, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot.Of(fixture));
    }

    [Fact]
    public async Task Cut_in_half_anywhere_never_half_counts()
    {
        var whole = Network();
        await fixture.ScanStateAsync(whole);
        var before = Snapshot.Of(fixture);
        for (var length = 1; length < whole.Length; length += 211)
        {
            Assert.True((await fixture.ScanStateAsync(whole[..length])).Failed);
        }

        Assert.Equal(before, Snapshot.Of(fixture));
    }

    [Fact]
    public async Task Finds_its_stack_folder_by_what_the_code_declares()
    {
        var code = new GivenCode(
            ("live/other/main.tf", "resource \"aws_vpc\" \"other\" {}\n"),
            ("live/net/main.tf", "resource \"aws_vpc\" \"main\" {}\n\nresource \"aws_subnet\" \"a\" {\n}\nmodule \"site\" {\n  source = \"../../site\"\n}\n"),
            ("site/web.tf", "\nresource \"aws_instance\" \"web\" {\n  count = 1\n}\n"),
            (".github/CODEOWNERS", "* @acme/all\n/site/ @acme/web @ann\n"));
        await fixture.ScanStateAsync(Network(), code: code);
        var instance = fixture.Graph.Resolve("i-0a1b2c3d4e5f60718").Found!;
        Assert.Equal(("site/web.tf", 2, "@acme/web @ann"), (instance.File, instance.Line, instance.Owner));
        var subnet = fixture.Graph.Resolve("aws_subnet.a").Found!;
        Assert.Equal(("live/net/main.tf", 3, "infra", "@acme/all"), (subnet.File, subnet.Line, subnet.Repository, subnet.Owner));
    }
}
