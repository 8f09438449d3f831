using System.Text;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Sandbox.Egress;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Cloud;

/// <summary>What a run may ask of AWS, in every protocol, and what becomes of everything else.</summary>
public sealed class The_AWS_gate
{
    private readonly AwsRequests aws = new();

    [Theory]
    [InlineData("ec2", "ec2.us-east-1.amazonaws.com", "us-east-1", "Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-1", "DescribeVpcs", "vpc-1")]
    [InlineData("ec2", "ec2.eu-central-1.api.aws", "eu-central-1", "Action=DescribeVpcs", "DescribeVpcs", null)]
    [InlineData("ec2", "ec2-fips.us-west-2.amazonaws.com", "us-west-2", "Action=DescribeVpcs", "DescribeVpcs", null)]
    [InlineData("ec2", "ec2.cn-north-1.amazonaws.com.cn", "cn-north-1", "Action=DescribeVpcs", "DescribeVpcs", null)]
    [InlineData("ec2", "ec2.us-gov-west-1.amazonaws.com", "us-gov-west-1", "Action=DescribeVpcs", "DescribeVpcs", null)]
    [InlineData("ec2", "ec2.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "Action=DescribeVpcs", "DescribeVpcs", null)]
    [InlineData("ec2", "ec2.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "Action=DescribeVpcs", "DescribeVpcs", null)]
    [InlineData("ec2", "vpce-0a1b.ec2.us-east-1.vpce.amazonaws.com", "us-east-1", "Action=DescribeVpcs", "DescribeVpcs", null)]
    [InlineData("iam", "iam.amazonaws.com", "us-east-1", "Action=GetRole&Version=2010-05-08&RoleName=app", "GetRole", "app")]
    [InlineData("iam", "iam.us-gov.amazonaws.com", "us-gov-west-1", "Action=GetRole&RoleName=app", "GetRole", "app")]
    [InlineData("sts", "sts.amazonaws.com", "us-east-1", "Action=GetCallerIdentity&Version=2011-06-15", "GetCallerIdentity", null)]
    [InlineData("elasticloadbalancing", "elasticloadbalancing.us-east-1.amazonaws.com", "us-east-1", "Action=DescribeLoadBalancers&Version=2015-12-01", "DescribeLoadBalancers", null)]
    public async Task Lets_reads_of_the_Query_and_EC2_protocols_through(string service, string host, string region, string form, string action, string? resource)
    {
        var forward = Assert.IsType<GateDecision.Forward>(await aws.QueryAsync(service, host, form, region));
        Assert.Equal(new CloudAction(service, region, action, resource), forward.Asked);
        Assert.Equal(form, Encoding.UTF8.GetString(forward.Request.Body.Span));
    }

    [Theory]
    [InlineData("dynamodb", "dynamodb.us-east-1.amazonaws.com", "DynamoDB_20120810.DescribeTable", "{\"TableName\":\"t\"}", "DescribeTable", "t")]
    [InlineData("dynamodb", "123456789012.ddb.us-east-1.amazonaws.com", "DynamoDB_20120810.DescribeTable", "{}", "DescribeTable", null)]
    [InlineData("ecr", "api.ecr.us-east-1.amazonaws.com", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "{}", "DescribeRepositories", null)]
    [InlineData("kms", "kms.us-east-1.amazonaws.com", "TrentService.DescribeKey", "{\"KeyId\":\"alias/a\"}", "DescribeKey", "alias/a")]
    [InlineData("logs", "logs.us-east-1.amazonaws.com", "Logs_20140328.DescribeLogGroups", "{\"logGroupNamePrefix\":\"/a\"}", "DescribeLogGroups", null)]
    [InlineData("monitoring", "monitoring.us-east-1.amazonaws.com", "GraniteServiceVersion20100801.DescribeAlarms", "{}", "DescribeAlarms", null)]
    public async Task Lets_reads_of_the_JSON_protocols_through(string service, string host, string target, string body, string action, string? resource)
    {
        var forward = Assert.IsType<GateDecision.Forward>(await aws.JsonAsync(service, host, target, body));
        Assert.Equal(new CloudAction(service, "us-east-1", action, resource), forward.Asked);
    }

    [Theory]
    [InlineData("lambda", "lambda.us-east-1.amazonaws.com", "/2015-03-31/functions/charge/configuration", "GetFunctionConfiguration")]
    [InlineData("lambda", "lambda.us-east-1.amazonaws.com", "/2015-03-31/functions/", "ListFunctions")]
    [InlineData("apigateway", "apigateway.us-east-1.amazonaws.com", "/restapis/a1/stages/prod", "GetStage")]
    [InlineData("apigateway", "apigateway.us-east-1.amazonaws.com", "/v2/apis/a1", "GetApi")]
    [InlineData("eks", "eks.us-east-1.amazonaws.com", "/clusters/main", "DescribeCluster")]
    [InlineData("route53", "route53.amazonaws.com", "/2013-04-01/hostedzone/Z1/rrset?name=a&type=A", "ListResourceRecordSets")]
    [InlineData("cloudfront", "cloudfront.amazonaws.com", "/2020-05-31/distribution/E1", "GetDistribution")]
    [InlineData("s3", "s3.us-east-1.amazonaws.com", "/", "ListBuckets")]
    [InlineData("s3", "s3.us-east-1.amazonaws.com", "/ours?versioning", "GetBucketVersioning")]
    [InlineData("s3", "ours.s3.us-east-1.amazonaws.com", "/?versioning=", "GetBucketVersioning")]
    [InlineData("s3", "ours.s3.dualstack.us-east-1.amazonaws.com", "/?list-type=2&prefix=a%2Fb", "ListObjectsV2")]
    [InlineData("s3", "ours.s3.amazonaws.com", "/a/b%20c?tagging", "GetObjectTagging")]
    [InlineData("s3", "123456789012.s3-control.us-east-1.amazonaws.com", "/v20180820/configuration/publicAccessBlock", "GetPublicAccessBlock")]
    public async Task Lets_reads_of_the_REST_protocols_through(string service, string host, string target, string action)
    {
        var forward = Assert.IsType<GateDecision.Forward>(await aws.AskAsync(service, host, "GET", target, fields: service == "s3" ? [("X-Amz-Content-Sha256", SignatureV4.EmptyHash)] : []));
        Assert.Equal(action, forward.Asked.Action);
    }

    [Theory]
    [InlineData("search-theirs-x.us-east-1.es.amazonaws.com")]
    [InlineData("vpc-theirs-x.us-east-1.es.amazonaws.com")]
    public async Task Sends_nothing_to_a_host_that_a_tenant_of_AWS_names(string host)
    {
        Refused(await aws.AskAsync("es", host, "POST", "/2021-01-01/opensearch/domain-info"), "host is not one");
        Refused(await aws.AskAsync("es", host, "GET", "/2015-01-01/domain"), "host is not one");
    }

    [Fact]
    public async Task Lets_a_bucket_and_an_object_be_looked_at_and_not_into()
    {
        Assert.Equal("HeadBucket", Assert.IsType<GateDecision.Forward>(await aws.AskAsync("s3", "ours.s3.us-east-1.amazonaws.com", "HEAD", "/")).Asked.Action);
        Assert.Equal("HeadObject", Assert.IsType<GateDecision.Forward>(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "HEAD", "/ours/key")).Asked.Action);
        Refused(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "GET", "/ours/key"), "hands out");
        Refused(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "GET", "/ours/key?x-id=GetObject"), "hands out");
        Refused(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "GET", "/ours?versions"), "hands out");
        Refused(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "GET", "/ours?session"), "not a reviewed read");
        Refused(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "GET", "/ours?somethingNew"), "does not know");
    }

    [Theory]
    [InlineData("secretsmanager", "BatchGetSecretValue", "secretsmanager.BatchGetSecretValue")]
    [InlineData("kms", "Decrypt", "TrentService.Decrypt")]
    [InlineData("kms", "GenerateDataKey", "TrentService.GenerateDataKey")]
    [InlineData("dynamodb", "Scan", "DynamoDB_20120810.Scan")]
    [InlineData("dynamodb", "Query", "DynamoDB_20120810.Query")]
    [InlineData("dynamodb", "GetItem", "DynamoDB_20120810.GetItem")]
    [InlineData("dynamodb", "PutItem", "DynamoDB_20120810.PutItem")]
    [InlineData("logs", "GetLogEvents", "Logs_20140328.GetLogEvents")]
    [InlineData("logs", "FilterLogEvents", "Logs_20140328.FilterLogEvents")]
    [InlineData("sqs", "ReceiveMessage", "AmazonSQS.ReceiveMessage")]
    [InlineData("ssm", "GetParameterHistory", "AmazonSSM.GetParameterHistory")]
    [InlineData("ssm", "SendCommand", "AmazonSSM.SendCommand")]
    [InlineData("kinesis", "GetRecords", "Kinesis_20131202.GetRecords")]
    [InlineData("ecr", "GetAuthorizationToken", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken")]
    [InlineData("codecommit", "GetFile", "CodeCommit_20150413.GetFile")]
    [InlineData("athena", "GetQueryResults", "AmazonAthena.GetQueryResults")]
    public async Task Refuses_JSON_actions_that_hand_out_or_act(string service, string action, string target)
    {
        var host = service == "ecr" ? "api.ecr" : service;
        var refused = Refused(await aws.JsonAsync(service, $"{host}.us-east-1.amazonaws.com", target), "");
        Assert.Equal(action, refused.Asked.Action);
        Assert.Contains("AccessDeniedException", Encoding.UTF8.GetString(refused.Reply!.Body.Span), StringComparison.Ordinal);
        Assert.Empty(aws.Own);
    }

    [Theory]
    [InlineData("sts", "Action=GetSessionToken")]
    [InlineData("sts", "Action=GetFederationToken&Name=a")]
    [InlineData("sts", "Action=AssumeRoleWithWebIdentity")]
    [InlineData("ec2", "Action=GetPasswordData&InstanceId=i-1")]
    [InlineData("ec2", "Action=GetConsoleOutput&InstanceId=i-1")]
    [InlineData("ec2", "Action=RunInstances")]
    [InlineData("ec2", "Action=DescribeNothingKnown")]
    [InlineData("redshift", "Action=GetClusterCredentials")]
    [InlineData("iam", "Action=GetAccountAuthorizationDetails")]
    [InlineData("iam", "Action=CreateAccessKey")]
    public async Task Refuses_Query_actions_that_hand_out_or_act(string service, string form) => Refused(await aws.QueryAsync(service, service == "iam" ? "iam.amazonaws.com" : $"{service}.us-east-1.amazonaws.com", form), "");

    [Theory]
    [InlineData("lambda", "POST", "/2015-03-31/functions/charge/invocations", "Invoke")]
    [InlineData("lambda", "PUT", "/2017-10-31/functions/charge/concurrency", "PutFunctionConcurrency")]
    [InlineData("lambda", "DELETE", "/2015-03-31/functions/charge", "DeleteFunction")]
    [InlineData("s3", "PUT", "/ours/key", "CopyObject/PutObject/UploadPart")]
    [InlineData("s3", "POST", "/ours/key?select&select-type=2", "SelectObjectContent")]
    [InlineData("apigateway", "GET", "/restapis/a/stages/b/exports/swagger", "GetExport")]
    public async Task Refuses_REST_actions_that_hand_out_or_act_and_says_which(string service, string method, string target, string action) =>
        Assert.Equal(action, Refused(await aws.AskAsync(service, $"{service}.us-east-1.amazonaws.com", method, target, "x"), "").Asked.Action);

    [Theory]
    [InlineData("Action=DescribeVpcs&Action=DeleteVpc")]
    [InlineData("Action=DescribeVpcs&action=DeleteVpc")]
    [InlineData("Action=")]
    [InlineData("Version=1")]
    [InlineData("Action=%zz")]
    public async Task Refuses_a_request_that_names_its_action_in_two_ways(string form) => Refused(await aws.QueryAsync("ec2", "ec2.us-east-1.amazonaws.com", form), "two ways");

    [Fact]
    public async Task Refuses_an_action_in_the_query_and_another_in_the_body() =>
        Refused(await aws.AskAsync("ec2", "ec2.us-east-1.amazonaws.com", "POST", "/?Action=DescribeVpcs", "Action=DeleteVpc", fields: ("Content-Type", "application/x-www-form-urlencoded")), "two ways");

    [Fact]
    public async Task Refuses_a_target_beside_a_form() => Refused(
        await aws.AskAsync("sqs", "sqs.us-east-1.amazonaws.com", "POST", "/", "Action=SendMessage", fields: [("Content-Type", "application/x-www-form-urlencoded"), ("X-Amz-Target", "AmazonSQS.GetQueueAttributes")]), "two ways");

    [Theory]
    [InlineData("/2015-03-31/functions/../functions/a")]
    [InlineData("/2015-03-31/functions/%2e%2e/a")]
    [InlineData("/2015-03-31//functions")]
    public async Task Refuses_a_path_with_steps_in_it(string path) => Refused(await aws.AskAsync("lambda", "lambda.us-east-1.amazonaws.com", "GET", path), "segments");

    [Theory]
    [InlineData("ec2", "s3.us-east-1.amazonaws.com")]
    [InlineData("ec2", "ec2.s3.us-east-1.amazonaws.com")]
    [InlineData("ec2", "ec2.eu-west-1.amazonaws.com")]
    [InlineData("ec2", "evil.execute-api.us-east-1.amazonaws.com")]
    [InlineData("ec2", "amazonaws.com.evil.example.com")]
    [InlineData("execute-api", "a1b2.execute-api.us-east-1.amazonaws.com")]
    [InlineData("nothing", "ec2.us-east-1.amazonaws.com")]
    public async Task Refuses_a_host_that_is_not_the_services(string service, string host) => Refused(await aws.QueryAsync(service, host, "Action=DescribeVpcs"), "");

    [Theory]
    [InlineData("quantumledgers", "quantumledgers.us-east-1.amazonaws.com", "Action=DescribeVpcs", "the service is not in the table")]
    [InlineData("ec2", "ec2.us-east-1.amazonaws.com", "Action=DescribeQuantumGates", "the action is not a reviewed read")]
    public async Task Refuses_a_service_or_an_action_that_the_table_does_not_know_and_asks_nobody(string service, string host, string form, string reason)
    {
        var refused = Refused(await aws.QueryAsync(service, host, form), reason);
        Assert.Equal(service, refused.Asked.Service);
        Assert.Empty(aws.Own);
    }

    [Fact]
    public async Task Goes_on_with_new_keys_when_those_of_the_beginning_end_and_says_when_there_are_none()
    {
        Queue<Func<AwsKeys>> issued = new([() => AwsRequests.Real, () => AwsRequests.Real, () => throw new CredentialException("The keys ended; sign in again."), () => new AwsKeys("AKIANEXTNEXTNEXTNEXT", "next", null)]);
        var run = new AwsRequests(credential: () => issued.Dequeue()());
        Task<GateDecision> AskAsync() => run.QueryAsync("ec2", "ec2.us-east-1.amazonaws.com", "Action=DescribeVpcs");
        Assert.Contains("Credential=AKIAREAL", Authorization(await AskAsync()), StringComparison.Ordinal);
        var refused = Refused(await AskAsync(), "no credential: The keys ended; sign in again.");
        Assert.Contains("sign in again", Encoding.UTF8.GetString(refused.Reply!.Body.Span), StringComparison.Ordinal);
        Assert.Contains("Credential=AKIANEXT", Authorization(await AskAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ec2.us-east-1.amazonaws.com", true)]
    [InlineData("x.lambda-url.us-east-1.on.aws", true)]
    [InlineData("a.execute-api.us-east-1.amazonaws.com", true)]
    [InlineData("ec2.cn-north-1.amazonaws.com.cn", true)]
    [InlineData("emulator", true)]
    [InlineData("amazonaws.com", false)]
    [InlineData("evilamazonaws.com", false)]
    [InlineData("amazonaws.com.evil.example", false)]
    public void Governs_every_host_of_AWS_and_what_the_operator_bound(string host, bool governs) =>
        Assert.Equal(governs, new AwsRequests(bound: new Endpoint("emulator", 443)).Gate.Governs(new Endpoint(host, 443)));

    [Fact]
    public async Task Signs_again_with_the_real_key_and_hands_on_nothing_of_the_dummy()
    {
        var forward = Assert.IsType<GateDecision.Forward>(await aws.AskAsync(
            "lambda", "lambda.us-east-1.amazonaws.com", "GET", "/2015-03-31/functions/?MaxItems=10&FunctionVersion=ALL", fields: [("X-Secret-Carrier", "stolen"), ("User-Agent", "stolen"), ("Cookie", "stolen")]));
        var fields = forward.Request.Fields.ToDictionary(field => field.Name, field => field.Value);
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIAREALREALREALREAL/20261122/us-east-1/lambda/aws4_request, ", fields["Authorization"], StringComparison.Ordinal);
        Assert.Equal("real-token", fields["X-Amz-Security-Token"]);
        Assert.Equal("/2015-03-31/functions/?FunctionVersion=ALL&MaxItems=10", forward.Request.Target);
        Assert.DoesNotContain(forward.Request.Fields, field => field.Value.Contains("stolen", StringComparison.Ordinal) || field.Value.Contains("dummy", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Believes_no_key_but_the_runs_own()
    {
        Refused(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "GET", "/", keys: new AwsKeys("AKIAATTACKERATTACKER", "attacker")), "not this run's");
        Refused(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "GET", "/", keys: new AwsKeys(AwsRequests.Dummy.Id, "guessed")), "signature is wrong");
        Refused(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "GET", "/", keys: new AwsKeys(AwsRequests.Dummy.Id, AwsRequests.Dummy.Secret, "other-token")), "session token");
        Assert.Empty(aws.Own);
    }

    [Theory]
    [InlineData(null, "not signed")]
    [InlineData("Bearer abc", "bearer")]
    [InlineData("AWS AKIA:abc", "Version 2")]
    [InlineData("AWS4-ECDSA-P256-SHA256 Credential=a/20261122/s3/aws4_request, SignedHeaders=host, Signature=00", "4A")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKIADUMMYDUMMYDUMMY0/20261122/us-east-1/s3/aws4_request, SignedHeaders=host", "malformed")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKIADUMMYDUMMYDUMMY0/20261122/us-east-1/s3/aws4_request, SignedHeaders=x-amz-date, Signature=0000000000000000000000000000000000000000000000000000000000000000", "malformed")]
    [InlineData("Basic dTpw", "not signed with")]
    public async Task Refuses_a_request_without_a_signature_of_this_kind(string? authorization, string reason)
    {
        List<HttpField> fields = [new("Host", "s3.us-east-1.amazonaws.com"), new("X-Amz-Date", "20261122T190000Z")];
        if (authorization is not null)
        {
            fields.Add(new("Authorization", authorization));
        }

        Refused(await aws.Gate.DecideAsync(aws.Request("s3.us-east-1.amazonaws.com", "GET", "/", fields, []), CancellationToken.None), reason);
    }

    [Theory]
    [InlineData(-4, true)]
    [InlineData(4, true)]
    [InlineData(-6, false)]
    [InlineData(6, false)]
    public async Task Takes_a_clock_that_is_less_than_five_minutes_off(int minutes, bool taken)
    {
        var at = new AwsRequests.Clock().GetUtcNow().AddMinutes(minutes);
        var decision = await aws.Gate.DecideAsync(aws.Signed("s3", "s3.us-east-1.amazonaws.com", "GET", "/", "", "us-east-1", AwsRequests.Dummy, at), CancellationToken.None);
        Assert.Equal(taken, decision is GateDecision.Forward);
    }

    [Fact]
    public async Task Refuses_a_body_that_was_changed_after_signing()
    {
        var signed = aws.Signed("ec2", "ec2.us-east-1.amazonaws.com", "POST", "/", "Action=DescribeVpcs", "us-east-1", AwsRequests.Dummy, new AwsRequests.Clock().GetUtcNow(), ("Content-Type", "application/x-www-form-urlencoded"));
        var changed = aws.Request("ec2.us-east-1.amazonaws.com", "POST", "/", signed.Fields, "Action=DescribeSubnets"u8.ToArray());
        Refused(await aws.Gate.DecideAsync(changed, CancellationToken.None), "signature is wrong");
    }

    [Fact]
    public async Task Asks_once_whose_the_credential_is_and_forwards_nothing_when_it_is_anothers()
    {
        await aws.QueryAsync("ec2", "ec2.us-east-1.amazonaws.com", "Action=DescribeVpcs");
        await aws.QueryAsync("ec2", "ec2.us-east-1.amazonaws.com", "Action=DescribeSubnets");
        Assert.Contains("GetCallerIdentity", Encoding.UTF8.GetString(Assert.Single(aws.Own).Body.Span), StringComparison.Ordinal);

        var pinned = new AwsRequests(account: "999999999999");
        var refused = await Assert.ThrowsAsync<GateRefusedException>(() => pinned.QueryAsync("ec2", "ec2.us-east-1.amazonaws.com", "Action=DescribeVpcs"));
        Assert.Contains("another account", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_a_run_in_its_account()
    {
        const string state = """{"version":4,"terraform_version":"1.5.0","serial":1,"lineage":"l","outputs":{},"resources":[{"mode":"managed","type":"aws_sns_topic_subscription","name":"a","instances":[{"attributes":{"topic_arn":"arn:aws:sns:us-east-1:222222222222:t"}}]}]}""";
        var known = new AwsRequests(state: state);
        Assert.IsType<GateDecision.Forward>(await known.QueryAsync("sns", "sns.us-east-1.amazonaws.com", "Action=GetTopicAttributes&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A222222222222%3At"));
        Refused(await known.QueryAsync("sns", "sns.us-east-1.amazonaws.com", "Action=GetTopicAttributes&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A666666666666%3Astolen"), "another account");
        Refused(await aws.JsonAsync("sqs", "sqs.us-east-1.amazonaws.com", "AmazonSQS.GetQueueAttributes", "{\"QueueUrl\":\"https://sqs.us-east-1.amazonaws.com/666666666666/stolen\"}"), "another account");
        Refused(await aws.JsonAsync("kms", "kms.us-east-1.amazonaws.com", "TrentService.DescribeKey", "{\"KeyId\":\"\\u0061rn:aws:kms:us-east-1:666666666666:key/stolen\"}"), "another account");
        Refused(await aws.AskAsync("lambda", "lambda.us-east-1.amazonaws.com", "GET", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A666666666666%3Afunction%3Astolen"), "another account");
        Refused(await aws.AskAsync("s3", "attackers.s3.us-east-1.amazonaws.com", "GET", "/?list-type=2&prefix=stolen"), "none of the account's");
        Refused(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "HEAD", "/attackers/stolen"), "none of the account's");
        Assert.IsType<GateDecision.Forward>(await aws.AskAsync("s3", "s3.us-east-1.amazonaws.com", "GET", "/ours?list-type=2&prefix=a"));
    }

    [Fact]
    public async Task Refuses_another_account_however_it_is_named()
    {
        Refused(await aws.JsonAsync("ecr", "api.ecr.us-east-1.amazonaws.com", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "{\"registryId\":\"666666666666\",\"repositoryNames\":[\"stolen\"]}"), "another account");
        Refused(await aws.JsonAsync("ecr", "api.ecr.us-east-1.amazonaws.com", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "{\"registryId\":666666666666,\"repositoryNames\":[\"stolen\"]}"), "another account");
        Refused(await aws.JsonAsync("glue", "glue.us-east-1.amazonaws.com", "AWSGlue.GetDatabase", "{\"CatalogId\":\"\\u0036\\u0036\\u0036\\u0036\\u0036\\u0036\\u0036\\u0036\\u0036\\u0036\\u0036\\u0036\",\"Name\":\"stolen\"}"), "another account");
        Refused(await aws.JsonAsync("sqs", "sqs.us-east-1.amazonaws.com", "AmazonSQS.GetQueueUrl", "{\"QueueName\":\"stolen\",\"QueueOwnerAWSAccountId\":\"666666666666\"}"), "another account");
        Refused(await aws.AskAsync("lambda", "lambda.us-east-1.amazonaws.com", "GET", "/2015-03-31/functions/666666666666%3Afunction%3Astolen"), "another account");
        Refused(await aws.AskAsync("s3", "s3-control.us-east-1.amazonaws.com", "GET", "/v20180820/configuration/publicAccessBlock", fields: ("X-Amz-Account-Id", "666666666666")), "another account");
        Refused(await aws.AskAsync("s3", "666666666666.s3-control.us-east-1.amazonaws.com", "GET", "/v20180820/configuration/publicAccessBlock"), "another account");
        Assert.IsType<GateDecision.Forward>(await aws.AskAsync("s3", "s3-control.us-east-1.amazonaws.com", "GET", "/v20180820/configuration/publicAccessBlock", fields: ("X-Amz-Account-Id", AwsRequests.Account)));
        Assert.IsType<GateDecision.Forward>(await aws.QueryAsync("ec2", "ec2.us-east-1.amazonaws.com", "Action=DescribeImages&Owner.1=099720109477"));
        Assert.IsType<GateDecision.Forward>(await aws.JsonAsync("logs", "logs.us-east-1.amazonaws.com", "Logs_20140328.DescribeLogGroups", "{\"logGroupNamePrefix\":\"backup-202611221234\"}"));
    }

    [Theory]
    [InlineData("666666666666", false)]
    [InlineData(AwsRequests.Account, true)]
    public async Task Reads_bodies_in_CBOR_as_AWS_does(string account, bool passes)
    {
        foreach (var pieces in new[] { 1, 2 })
        {
            var writer = new System.Formats.Cbor.CborWriter(System.Formats.Cbor.CborConformanceMode.Lax);
            writer.WriteStartMap(1);
            writer.WriteTextString("AlarmNamePrefix");
            if (pieces == 1)
            {
                writer.WriteTextString($"arn:aws:cloudwatch:us-east-1:{account}:alarm:stolen");
            }
            else
            {
                writer.WriteStartIndefiniteLengthTextString();
                writer.WriteTextString($"arn:aws:cloudwatch:us-east-1:{account[..6]}");
                writer.WriteTextString($"{account[6..]}:alarm:stolen");
                writer.WriteEndIndefiniteLengthTextString();
            }

            writer.WriteEndMap();
            var decision = await aws.AskAsync(
                "monitoring", "monitoring.us-east-1.amazonaws.com", "POST", "/service/GraniteServiceVersion20100801/operation/DescribeAlarms", Encoding.Latin1.GetString(writer.Encode()), "us-east-1", null,
                ("Content-Type", "application/cbor"), ("Smithy-Protocol", "rpc-v2-cbor"));
            Assert.Equal(passes, decision is GateDecision.Forward);
        }

        Refused(await aws.AskAsync(
            "monitoring", "monitoring.us-east-1.amazonaws.com", "POST", "/service/GraniteServiceVersion20100801/operation/DescribeAlarms", "not a form", "us-east-1", null,
            ("Content-Type", "application/cbor"), ("Smithy-Protocol", "rpc-v2-cbor")), "cannot be read");
    }

    [Fact]
    public async Task Believes_accounts_of_the_states_own_references_and_of_no_free_text()
    {
        const string state = """{"version":4,"terraform_version":"1.5.0","serial":1,"lineage":"l","outputs":{"o":{"value":"arn:aws:sns:us-east-1:666666666666:t","type":"string"}},"resources":[{"mode":"managed","type":"aws_sns_topic","name":"a","instances":[{"attributes":{"arn":"arn:aws:sns:us-east-1:222222222222:t","display_name":"arn:aws:sns:us-east-1:666666666666:t","tags":{"peer_arn":"arn:aws:sns:us-east-1:666666666666:t"},"policy":"{\"Principal\":\"arn:aws:iam::666666666666:root\"}","owner_id":"see arn:aws:sns:us-east-1:666666666666:t"}}]}]}""";
        var known = new AwsRequests(state: state);
        Assert.IsType<GateDecision.Forward>(await known.QueryAsync("sns", "sns.us-east-1.amazonaws.com", "Action=GetTopicAttributes&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A222222222222%3At"));
        Refused(await known.QueryAsync("sns", "sns.us-east-1.amazonaws.com", "Action=GetTopicAttributes&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A666666666666%3Astolen"), "another account");
    }

    [Fact]
    public async Task Answers_a_secrets_value_with_the_states_token()
    {
        const string arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";
        var run = new AwsRequests(state: $$$"""
            {"version":4,"terraform_version":"1.5.0","serial":1,"lineage":"l","outputs":{},"resources":[{"mode":"managed","type":"aws_secretsmanager_secret_version","name":"db","instances":[
              {"attributes":{"arn":"{{{arn}}}","secret_id":"{{{arn}}}","version_id":"v-1","secret_string":"correct-horse-battery"},"sensitive_attributes":[[{"type":"get_attr","value":"secret_string"}]]}]}]}
            """);
        run.Answers["DescribeSecret"] = AwsRequests.Json($$$"""{"ARN":"{{{arn}}}","Name":"db","VersionIdsToStages":{"v-1":["AWSCURRENT"],"v-0":["AWSPREVIOUS"]}}""");

        var current = Assert.IsType<GateDecision.Answer>(await run.JsonAsync("secretsmanager", "secretsmanager.us-east-1.amazonaws.com", "secretsmanager.GetSecretValue", "{\"SecretId\":\"db\"}"));
        var text = Encoding.UTF8.GetString(current.Reply.Body.Span);
        Assert.Contains(AwsRequests.Tokens.Token("state", "correct-horse-battery"), text, StringComparison.Ordinal);
        Assert.Contains("\"VersionId\":\"v-1\"", text, StringComparison.Ordinal);

        var unknown = Assert.IsType<GateDecision.Answer>(await run.JsonAsync("secretsmanager", "secretsmanager.us-east-1.amazonaws.com", "secretsmanager.GetSecretValue", "{\"SecretId\":\"db\",\"VersionStage\":\"AWSPREVIOUS\"}"));
        Assert.Contains("\"SecretString\":\"[secret:state:", Encoding.UTF8.GetString(unknown.Reply.Body.Span), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Own, own => Encoding.UTF8.GetString(own.Body.Span).Contains("GetSecretValue", StringComparison.Ordinal) || own.Fields.Any(field => field.Value.Contains("GetSecretValue", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Asks_a_parameter_without_decryption_and_answers_a_secure_one_with_the_states_token()
    {
        var run = new AwsRequests(state: """
            {"version":4,"terraform_version":"1.5.0","serial":1,"lineage":"l","outputs":{},"resources":[{"mode":"managed","type":"aws_ssm_parameter","name":"db","instances":[
              {"attributes":{"name":"/db","value":"correct-horse-battery"},"sensitive_attributes":[[{"type":"get_attr","value":"value"}]]}]}]}
            """);
        var forward = Assert.IsType<GateDecision.Forward>(await run.JsonAsync("ssm", "ssm.us-east-1.amazonaws.com", "AmazonSSM.GetParameter", "{\"Name\":\"/db\",\"WithDecryption\":true,\"WithDecryption\":true}".Replace(",\"WithDecryption\":true}", "}", StringComparison.Ordinal)));
        Assert.Equal("{\"Name\":\"/db\",\"WithDecryption\":false}", Encoding.UTF8.GetString(forward.Request.Body.Span));
        var clean = Encoding.UTF8.GetString(forward.Request.Rewrite!("{\"Parameter\":{\"Name\":\"/db\",\"Type\":\"SecureString\",\"Value\":\"AQICcipher\",\"Version\":3}}"u8.ToArray()));
        Assert.Contains(AwsRequests.Tokens.Token("state", "correct-horse-battery"), clean, StringComparison.Ordinal);
        Assert.DoesNotContain("AQICcipher", clean, StringComparison.Ordinal);
        Assert.Contains("\"Value\":\"plain\"", Encoding.UTF8.GetString(forward.Request.Rewrite("{\"Parameters\":[{\"Name\":\"/x\",\"Type\":\"String\",\"Value\":\"plain\"}]}"u8.ToArray())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assumes_a_role_of_the_account_with_the_runs_own_dummy_key_and_no_other()
    {
        var answer = Assert.IsType<GateDecision.Answer>(await aws.QueryAsync("sts", "sts.us-east-1.amazonaws.com", "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fci&RoleSessionName=x"));
        Assert.Contains($"<AccessKeyId>{AwsRequests.Dummy.Id}</AccessKeyId>", Encoding.UTF8.GetString(answer.Reply.Body.Span), StringComparison.Ordinal);
        Refused(await aws.QueryAsync("sts", "sts.us-east-1.amazonaws.com", "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A666666666666%3Arole%2Fci"), "another account");
    }

    [Fact]
    public async Task Cleans_what_models_mark_as_sensitive_and_refuses_answers_that_are_bytes()
    {
        var listeners = Assert.IsType<GateDecision.Forward>(await aws.QueryAsync("elasticloadbalancing", "elasticloadbalancing.us-east-1.amazonaws.com", "Action=DescribeListeners"));
        var clean = Encoding.UTF8.GetString(listeners.Request.Rewrite!("<r><ClientId>app</ClientId><ClientSecret>plain words</ClientSecret></r>"u8.ToArray()));
        Assert.DoesNotContain("plain words", clean, StringComparison.Ordinal);
        Assert.Contains("<ClientId>app</ClientId>", clean, StringComparison.Ordinal);

        var connection = Assert.IsType<GateDecision.Forward>(await aws.QueryAsync("redshift", "redshift.us-east-1.amazonaws.com", "Action=DescribeClusters"));
        Assert.Contains("arn:aws:secretsmanager:x", Encoding.UTF8.GetString(connection.Request.Rewrite!("<r><MasterUserPassword>arn:aws:secretsmanager:x</MasterUserPassword></r>"u8.ToArray())), StringComparison.Ordinal);
        Refused(await aws.AskAsync("geo", "geo.us-east-1.amazonaws.com", "GET", "/maps/v0/maps/m/tiles/1/2/3"), "data");
    }

    [Fact]
    public async Task Cleans_what_answers_carry()
    {
        var run = new AwsRequests(state: """
            {"version":4,"terraform_version":"1.5.0","serial":1,"lineage":"l","outputs":{"p":{"value":"correct-horse-battery","type":"string","sensitive":true}},"resources":[]}
            """);
        var function = Assert.IsType<GateDecision.Forward>(await run.AskAsync("lambda", "lambda.us-east-1.amazonaws.com", "GET", "/2015-03-31/functions/charge"));
        var clean = Encoding.UTF8.GetString(function.Request.Rewrite!(Encoding.UTF8.GetBytes(
            """{"Code":{"Location":"https://x.s3.amazonaws.com/code?X-Amz-Signature=abc"},"Configuration":{"Environment":{"Variables":{"DB_PASSWORD":"hunter2hunter2","LOG_LEVEL":"debug"}},"Description":"uses correct-horse-battery"}}""")));
        Assert.DoesNotContain("X-Amz-Signature", clean, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", clean, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse", clean, StringComparison.Ordinal);
        Assert.Contains("\"LOG_LEVEL\":\"debug\"", clean, StringComparison.Ordinal);

        var data = Convert.ToBase64String("#!/bin/sh\nexport DB=correct-horse-battery\n"u8);
        var user = Assert.IsType<GateDecision.Forward>(await run.QueryAsync("ec2", "ec2.us-east-1.amazonaws.com", "Action=DescribeInstanceAttribute&InstanceId=i-1&Attribute=userData"));
        var xml = Encoding.UTF8.GetString(user.Request.Rewrite!(Encoding.UTF8.GetBytes($"<r xmlns=\"n\"><instanceId>i-1</instanceId><userData><value>{data}</value></userData></r>")));
        Assert.DoesNotContain(data, xml, StringComparison.Ordinal);
        Assert.Contains("<instanceId>i-1</instanceId>", xml, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_nothing_that_the_session_policy_of_plans_denies()
    {
        var denied = System.Text.Json.JsonDocument.Parse(McpInfra.Tools.Credentials.Aws.SessionPolicies.Plan.Inline).RootElement.GetProperty("Statement").EnumerateArray()
            .Where(statement => statement.GetProperty("Effect").GetString() == "Deny").SelectMany(statement => statement.GetProperty("Action").EnumerateArray().Select(action => action.GetString()!)).ToList();
        var passing = AwsActions.Shipped.Services.SelectMany(service => AwsActions.Shipped.Service(service)!.Models.SelectMany(model => model.Actions.Values.Where(action => action.Verdict is AwsVerdict.Passes).Select(action => $"{service}:{action.Name}"))).ToList();
        Assert.True(passing.Count > 5000);
        foreach (var pattern in denied)
        {
            var fits = new System.Text.RegularExpressions.Regex("^" + System.Text.RegularExpressions.Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$");
            Assert.DoesNotContain(passing, action => fits.IsMatch(action));
        }
    }

    private static string Authorization(GateDecision decision) => Assert.IsType<GateDecision.Forward>(decision).Request.Fields.Single(field => field.Name == "Authorization").Value;

    private static GateDecision.Refuse Refused(GateDecision decision, string reason)
    {
        var refused = Assert.IsType<GateDecision.Refuse>(decision);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
        Assert.Equal(403, refused.Reply!.Status);
        return refused;
    }
}
