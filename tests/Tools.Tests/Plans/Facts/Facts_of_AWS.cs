using System.Text.Json;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Facts;

public sealed class Facts_of_AWS
{
    private const string Closed = """{"ingress":[{"cidr_blocks":["10.0.0.0/8"],"from_port":443,"to_port":443,"protocol":"tcp"}]}""";

    private static string Open(int from, int to, string cidr = "0.0.0.0/0", string protocol = "tcp") =>
        $$"""{"ingress":[{"cidr_blocks":["{{cidr}}"],"from_port":{{from}},"to_port":{{to}},"protocol":"{{protocol}}","description":"web"}]}""";

    private static string Document(string statements) => JsonSerializer.Serialize($$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""");

    private static string Policy(string statements) => $$"""{"role":"r","bucket":"b","policy":{{Document(statements)}}}""";

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("0.0.0.0/1")]
    [InlineData("128.0.0.0/2")]
    [InlineData("::/0")]
    [InlineData("2000::/3")]
    public void A_security_group_that_lets_anybody_in_is_exposure(string cidr) => Assert.Equal(1, Planned.Create("aws_security_group", Open(22, 22, cidr)).PublicExposure);

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("192.168.0.0/16")]
    [InlineData("203.0.113.7/32")]
    [InlineData("fc00::/7")]
    [InlineData("not an address")]
    public void One_that_lets_some_in_is_not(string cidr) => Assert.Equal(0, Planned.Create("aws_security_group", Open(22, 22, cidr)).PublicExposure);

    [Fact]
    public void What_was_open_before_and_is_not_opened_further_is_not_counted()
    {
        Assert.Equal(1, Planned.Update("aws_security_group", Closed, Open(443, 443)).PublicExposure);
        Assert.Equal(0, Planned.Update("aws_security_group", Open(443, 443), Closed).PublicExposure);
        Assert.Equal(0, Planned.Update("aws_security_group", Open(0, 65535), Open(443, 443)).PublicExposure);
        Assert.Equal(0, Planned.Update("aws_security_group", Open(0, 0, protocol: "-1"), Open(443, 443)).PublicExposure);
        Assert.Equal(0, Planned.Replace("aws_security_group", Open(443, 443), Open(443, 443)).PublicExposure);
        Assert.Equal(1, Planned.Update("aws_security_group", Open(443, 443), Open(0, 65535)).PublicExposure);
        Assert.Equal(1, Planned.Update("aws_security_group", Open(443, 443), Open(443, 443, protocol: "udp")).PublicExposure);
        Assert.Equal(0, Planned.Delete("aws_security_group", Open(443, 443)).PublicExposure);
    }

    [Fact]
    public void A_range_that_only_an_apply_would_tell_counts_where_code_writes_it()
    {
        Assert.Equal(1, Planned.Create("aws_vpc_security_group_ingress_rule", """{"from_port":22}""", """{"cidr_ipv4":true}""").PublicExposure);
        Assert.Equal(0, Planned.Create("aws_vpc_security_group_ingress_rule", """{"from_port":22}""", """{"cidr_ipv4":true}""", written: false).PublicExposure);
        Assert.Equal(1, Planned.Create("aws_db_instance", "{}", """{"publicly_accessible":true}""").PublicExposure);
        Assert.Equal(0, Planned.Create("aws_security_group", "{}", """{"ingress":true}""", written: false).PublicExposure);
    }

    [Theory]
    [InlineData("ingress", 1)]
    [InlineData("egress", 0)]
    public void Only_what_comes_in_is_exposure(string direction, long expected) =>
        Assert.Equal(expected, Planned.Create("aws_security_group_rule", $$"""{"type":"{{direction}}","cidr_blocks":["0.0.0.0/0"],"from_port":0,"to_port":0,"protocol":"-1"}""").PublicExposure);

    [Theory]
    [InlineData("aws_db_instance", """{"publicly_accessible":true}""")]
    [InlineData("aws_instance", """{"associate_public_ip_address":true}""")]
    [InlineData("aws_s3_bucket_acl", """{"acl":"public-read"}""")]
    [InlineData("aws_lambda_function_url", """{"authorization_type":"NONE"}""")]
    [InlineData("aws_lb", """{"internal":false}""")]
    [InlineData("aws_lb", "{}")]
    [InlineData("aws_internet_gateway", "{}")]
    [InlineData("aws_ami_launch_permission", """{"group":"all"}""")]
    public void Switches_that_open_are_exposure(string type, string after) => Assert.Equal(1, Planned.Create(type, after).PublicExposure);

    [Fact]
    public void A_guard_of_buckets_that_goes_or_opens_is_exposure()
    {
        const string on = """{"block_public_acls":true,"block_public_policy":true,"ignore_public_acls":true,"restrict_public_buckets":true}""";
        Assert.Equal(1, Planned.Delete("aws_s3_bucket_public_access_block", on).PublicExposure);
        Assert.Equal(1, Planned.Update("aws_s3_bucket_public_access_block", on, on.Replace("\"block_public_policy\":true", "\"block_public_policy\":false", StringComparison.Ordinal)).PublicExposure);
        Assert.Equal(0, Planned.Create("aws_s3_bucket_public_access_block", on).PublicExposure);
        Assert.Equal(0, Planned.Update("aws_s3_bucket_public_access_block", on, on).PublicExposure);
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}""", 1)]
    [InlineData("""{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::1:root","*"]},"Action":"s3:GetObject","Resource":"*"}""", 1)]
    [InlineData("""{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::1:root"},"Action":"s3:GetObject","Resource":"*"}""", 1)]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}""", 0)]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"*"}}}""", 1)]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}}""", 1)]
    [InlineData("""{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}}""", 1)]
    [InlineData("""{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"s3:GetObject","Resource":"*"}""", 0)]
    [InlineData("""{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}""", 0)]
    public void A_bucket_policy_for_anybody_is_exposure(string statement, long expected) =>
        Assert.Equal(expected, Planned.Create("aws_s3_bucket_policy", Policy(statement)).PublicExposure);

    [Fact]
    public void A_document_that_grants_more_widens_and_one_that_grants_less_does_not()
    {
        const string read = """{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"arn:aws:s3:::logs/*"}""";
        const string less = """{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/a/*"}""";
        const string all = """{"Effect":"Allow","Action":"*","Resource":"*"}""";
        const string denial = """{"Effect":"Deny","Action":"iam:*","Resource":"*"}""";
        Assert.Equal(1, Planned.Create("aws_iam_role_policy", Policy(read)).PermissionsWidened);
        Assert.Equal(1, Planned.Update("aws_iam_role_policy", Policy(read), Policy(all)).PermissionsWidened);
        Assert.Equal(0, Planned.Update("aws_iam_role_policy", Policy(read), Policy(less)).PermissionsWidened);
        Assert.Equal(0, Planned.Update("aws_iam_role_policy", Policy(all), Policy(read)).PermissionsWidened);
        Assert.Equal(0, Planned.Update("aws_iam_role_policy", Policy(read), Policy($"{read},{denial}")).PermissionsWidened);
        Assert.Equal(1, Planned.Update("aws_iam_role_policy", Policy($"{read},{denial}"), Policy(read)).PermissionsWidened);
        Assert.Equal(0, Planned.Delete("aws_iam_role_policy", Policy(all)).PermissionsWidened);
        Assert.Equal(1, Planned.Create("aws_iam_role_policy", """{"role":"r"}""", """{"policy":true}""").PermissionsWidened);
        Assert.Equal(1, Planned.Update("aws_iam_role_policy", Policy(read), """{"role":"r","policy":"no json"}""").PermissionsWidened);
    }

    [Theory]
    [InlineData("aws_iam_role_policy_attachment", """{"role":"r","policy_arn":"arn:aws:iam::aws:policy/AdministratorAccess"}""")]
    [InlineData("aws_iam_access_key", """{"user":"u"}""")]
    [InlineData("aws_lambda_permission", """{"action":"lambda:InvokeFunction","function_name":"f","principal":"s3.amazonaws.com"}""")]
    [InlineData("aws_ssoadmin_account_assignment", """{"permission_set_arn":"p","principal_id":"g","target_id":"1"}""")]
    public void What_grants_by_being_there_widens(string type, string after)
    {
        Assert.Equal(1, Planned.Create(type, after).PermissionsWidened);
        Assert.Equal(0, Planned.Delete(type, after).PermissionsWidened);
        Assert.Equal(0, Planned.Replace(type, after, after).PermissionsWidened);
    }

    [Fact]
    public void A_boundary_that_goes_widens() =>
        Assert.Equal(1, Planned.Update("aws_iam_role", """{"permissions_boundary":"arn:aws:iam::1:policy/b"}""", """{"permissions_boundary":null}""").PermissionsWidened);

    [Theory]
    [InlineData("aws_db_instance", """{"storage_encrypted":true}""", """{"storage_encrypted":false}""", 1)]
    [InlineData("aws_db_instance", """{"storage_encrypted":false}""", """{"storage_encrypted":false}""", 0)]
    [InlineData("aws_db_instance", """{"storage_encrypted":false}""", """{"storage_encrypted":true}""", 0)]
    [InlineData("aws_sqs_queue", """{"kms_master_key_id":"k"}""", """{"kms_master_key_id":null}""", 1)]
    [InlineData("aws_lb_listener", """{"protocol":"HTTPS","port":443}""", """{"protocol":"HTTP","port":443}""", 1)]
    [InlineData("aws_elasticache_replication_group", """{"transit_encryption_enabled":true}""", """{"transit_encryption_enabled":false}""", 1)]
    public void Encryption_that_goes_is_counted(string type, string before, string after, long expected)
    {
        Assert.Equal(expected, Planned.Update(type, before, after).EncryptionRemoved);
        Assert.Equal(expected, Planned.Replace(type, before, after).EncryptionRemoved);
        Assert.Equal(0, Planned.Delete(type, before).EncryptionRemoved);
    }

    [Fact]
    public void The_encryption_of_a_bucket_goes_with_its_configuration() =>
        Assert.Equal(1, Planned.Delete("aws_s3_bucket_server_side_encryption_configuration", """{"bucket":"b","rule":[{"apply_server_side_encryption_by_default":[{"sse_algorithm":"AES256"}]}]}""").EncryptionRemoved);
}
