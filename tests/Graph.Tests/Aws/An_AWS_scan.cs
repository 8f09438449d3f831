using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Aws;

[Collection(AwsCredentials.Name)]
public sealed class An_AWS_scan : IAsyncLifetime
{
    private readonly QuickTime time = new();
    private WireAws aws = null!;

    public async ValueTask InitializeAsync() => aws = await WireAws.StartAsync();

    public async ValueTask DisposeAsync() => await aws.DisposeAsync();

    [Fact]
    public async Task Completes_every_listing_of_an_empty_account_once_for_each_region()
    {
        var seen = await ScanAsync(regions: ["us-east-1", "eu-west-1"]);
        Assert.DoesNotContain(seen, o => o is Observation.Failed or Observation.Seen);
        var complete = seen.OfType<Observation.Complete>().ToArray();
        Assert.Equal(complete.Length, complete.Distinct().Count());
        Assert.All(complete[..^1], c => Assert.Equal(WireAws.Account, c.Account));
        Assert.Equal((null, null, "*"), (complete[^1].Account, complete[^1].Region, complete[^1].Type)); // The whole source.
        Assert.Equal(["eu-west-1", "us-east-1"], complete.Where(c => c.Type == "AWS::EC2::VPC").Select(c => c.Region).Order());
        Assert.Equal([null], complete.Where(c => c.Type == "AWS::IAM::Role").Select(c => c.Region));
    }

    [Fact]
    public async Task Signs_every_request_for_its_service_and_region()
    {
        await ScanAsync(regions: ["eu-west-1"]);
        Assert.All(aws.Requests, r => Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/", r.Authorization));
        Assert.All(aws.Requests, r => Assert.Equal("eu-west-1", r.Region));
        Assert.Equal(
            ["config", "dynamodb", "ec2", "elasticloadbalancing", "iam", "kms", "lambda", "rds", "s3", "sqs", "ssm", "sts", "tagging"],
            aws.Requests.Select(r => r.Service!).Distinct().Order());
    }

    [Fact]
    public async Task Only_lists_and_describes()
    {
        aws.On("ListKeys", """{"Keys":[{"KeyId":"k","KeyArn":"arn:aws:kms:us-east-1:123456789012:key/k"}]}""")
            .On("DescribeKey", """{"KeyMetadata":{"KeyId":"k","KeyManager":"CUSTOMER","KeySpec":"SYMMETRIC_DEFAULT","KeyState":"Enabled"}}""");
        await ScanAsync();
        Assert.All(aws.Requests, r => Assert.True(
            r.Action is "tagging" or "encryption" or "versioning" or "publicAccessBlock" or "policyStatus"
            || r.Action.StartsWith("Describe", StringComparison.Ordinal) || r.Action.StartsWith("List", StringComparison.Ordinal) || r.Action.StartsWith("Get", StringComparison.Ordinal),
            r.Action));
        Assert.DoesNotContain(aws.Requests, r => r.Action is "GetParameter" or "GetParameters" or "GetSecretValue" or "GetObject" or "DescribeInstanceAttribute" or "GetFunction");
    }

    [Theory]
    [InlineData("DescribeVpcs", "ec2", "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-{0}</vpcId></item></vpcSet>{1}</DescribeVpcsResponse>", "<nextToken>{0}</nextToken>", "NextToken")]
    [InlineData("DescribeDBInstances", "rds", "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceIdentifier>db{0}</DBInstanceIdentifier></DBInstance></DBInstances>{1}</DescribeDBInstancesResult></DescribeDBInstancesResponse>", "<Marker>{0}</Marker>", "Marker")]
    public async Task Reads_every_page(string action, string service, string page, string next, string token)
    {
        aws.On(action, asked =>
        {
            var at = int.Parse(asked.Form![token] ?? "0", null);
            return new WireAnswer(string.Format(null, page, at, at < 4 ? string.Format(null, next, at + 1) : ""));
        });
        var seen = await ScanAsync();
        Assert.DoesNotContain(seen, o => o is Observation.Failed);
        Assert.Equal(5, seen.OfType<Observation.Seen>().Count());
        Assert.Equal(5, aws.Requests.Count(r => r.Action == action && r.Service == service));
    }

    [Fact]
    public async Task Of_stacks_tells_which_resources_CloudFormation_found_drifted_and_asks_for_no_detection()
    {
        aws.On("ListStacks", WireAws.Query("ListStacks", "<StackSummaries><member><StackId>arn:aws:cloudformation:us-east-1:123456789012:stack/shop/1</StackId><StackName>shop</StackName><StackStatus>CREATE_COMPLETE</StackStatus><DriftInformation><StackDriftStatus>DRIFTED</StackDriftStatus></DriftInformation></member></StackSummaries>"))
            .On("ListStackResources", WireAws.Query("ListStackResources", "<StackResourceSummaries>" + Member("Jobs", "MODIFIED") + Member("Old", "DELETED") + Member("Same", "IN_SYNC") + "</StackResourceSummaries>"));
        var seen = await ScanAsync(new SourceSettings("stacks", "aws-cloudformation") { Accounts = [new("") { Regions = ["us-east-1"], Endpoint = aws.Endpoint }] });
        var stack = Assert.Single(seen.OfType<Observation.Seen>()).Resource;
        Assert.Equal("""{"DriftStatus":"DRIFTED","DriftedResources":["Jobs MODIFIED","Old DELETED"]}""", stack.Configuration.ToJsonString());
        Assert.Equal(3, seen.OfType<Observation.ManagedBy>().Count());
        Assert.DoesNotContain(aws.Requests, asked => asked.Action.StartsWith("Detect", StringComparison.Ordinal));

        static string Member(string name, string status) =>
            $"<member><LogicalResourceId>{name}</LogicalResourceId><PhysicalResourceId>https://sqs.us-east-1.amazonaws.com/123456789012/{name}</PhysicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus><DriftInformation><StackResourceDriftStatus>{status}</StackResourceDriftStatus></DriftInformation></member>";
    }

    [Fact]
    public async Task That_was_cut_goes_on_at_the_last_page_of_a_listing_and_reads_no_listing_again_that_had_ended()
    {
        using var graph = new GraphFixture();
        var isLost = true;
        aws.On("DescribeVpcs", asked =>
        {
            var at = int.Parse(asked.Form!["NextToken"] ?? "0", null);
            return at == 2 && isLost ? new WireAnswer("", 503) : new WireAnswer($"<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-{at}</vpcId></item></vpcSet>{(at < 3 ? $"<nextToken>{at + 1}</nextToken>" : "")}</DescribeVpcsResponse>");
        }).On("ListQueues", """{"QueueUrls":["https://sqs.us-east-1.amazonaws.com/123456789012/jobs"]}""").On("GetQueueAttributes", """{"Attributes":{"QueueArn":"arn:aws:sqs:us-east-1:123456789012:jobs"}}""");
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => StoreAsync(new Ending(Collector())));
        isLost = false;
        var before = aws.Requests.Count;
        await StoreAsync(Collector());
        Assert.Equal(["2", "3"], aws.Requests.Skip(before).Where(asked => asked.Action == "DescribeVpcs").Select(asked => asked.Form!["NextToken"]));
        Assert.DoesNotContain(aws.Requests.Skip(before), asked => asked.Action is "ListQueues" or "DescribeSubnets");
        Assert.Equal(["jobs", "vpc-0", "vpc-1", "vpc-2", "vpc-3"], graph.Graph.Search(new()).Resources.Select(row => row.Name).Order());

        AwsCollector Collector() => new(new AmbientKeys(time), time, new CollectorLimits { Retries = 1 });

        Task StoreAsync(ICollector collector) => new Scan.Scanner(graph.Database, [collector], null, graph.Clock) { Batch = 1, Mark = TimeSpan.Zero }.ScanAsync(GraphFixture.Organization, [Source()], null, TestContext.Current.CancellationToken);
    }

    /// <summary>A collector whose process ends when its account has been read.</summary>
    private sealed class Ending(ICollector collector) : ICollector
    {
        public string Kind => collector.Kind;

        public IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, CancellationToken stop) => CollectAsync(source, Unfinished.Nothing, stop);

        public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, Unfinished unfinished, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
        {
            await foreach (var observation in collector.CollectAsync(source, unfinished, stop))
            {
                yield return observation;
            }

            throw new InvalidTimeZoneException("the process ends here");
        }
    }

    [Theory]
    [InlineData("aws", "DescribeVpcs", "<DescribeVpcsResponse><vpcSet/><nextToken>{0}</nextToken></DescribeVpcsResponse>", "AWS::EC2::VPC")]
    [InlineData("aws", "DescribeDBInstances", "<DescribeDBInstancesResponse><DescribeDBInstancesResult><Marker>{0}</Marker></DescribeDBInstancesResult></DescribeDBInstancesResponse>", "AWS::RDS::DBInstance")]
    [InlineData("aws", "DescribeLoadBalancers", "<DescribeLoadBalancersResponse><DescribeLoadBalancersResult><NextMarker>{0}</NextMarker></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>", "AWS::ElasticLoadBalancingV2::LoadBalancer")]
    [InlineData("aws", "GetAccountAuthorizationDetails", "<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult><Marker>{0}</Marker></GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>", "AWS::IAM::Role")]
    [InlineData("aws", "ListBuckets", "<ListAllMyBucketsResult><Buckets/><ContinuationToken>{0}</ContinuationToken></ListAllMyBucketsResult>", "AWS::S3::Bucket")]
    [InlineData("aws", "DescribeParameters", """{{"NextToken":"{0}"}}""", "AWS::SSM::Parameter")]
    [InlineData("aws", "ListFunctions", """{{"NextMarker":"{0}"}}""", "AWS::Lambda::Function")]
    [InlineData("aws", "ListKeys", """{{"NextMarker":"{0}","Truncated":true}}""", "AWS::KMS::Key")]
    [InlineData("aws", "ListQueues", """{{"NextToken":"{0}"}}""", "AWS::SQS::Queue")]
    [InlineData("aws", "ListTables", """{{"LastEvaluatedTableName":"{0}"}}""", "AWS::DynamoDB::Table")]
    [InlineData("aws", "GetResources", """{{"PaginationToken":"{0}"}}""", "AWS::*")]
    [InlineData("aws", "SelectResourceConfig", """{{"NextToken":"{0}"}}""", "AWS::*")]
    [InlineData("aws", "ListAccounts", """{{"NextToken":"{0}"}}""", "*")]
    [InlineData("aws-security-hub", "/findings", """{{"NextToken":"{0}"}}""", Finding.Scope)]
    [InlineData("aws-cost-explorer", "GetCostAndUsage", """{{"NextPageToken":"{0}"}}""", "cost")]
    [InlineData("aws-cloudformation", "ListStacks", "<ListStacksResponse><ListStacksResult><NextToken>{0}</NextToken></ListStacksResult></ListStacksResponse>", "AWS::CloudFormation::Stack")]
    public async Task Ends_a_listing_that_pages_for_ever(string kind, string action, string page, string type)
    {
        aws.On("DescribeConfigurationRecorderStatus", """{"ConfigurationRecordersStatus":[{"recording":true}]}""");
        foreach (var endless in new Func<int, int>[] { at => at % 3, at => at }) // In a circle, and on and on.
        {
            var pages = 0;
            aws.On(action, _ => new WireAnswer(string.Format(null, page, endless(++pages))));
            var source = Source() with { Kind = kind, Accounts = [Source().Accounts[0] with { MembersExcept = [] }] };
            var message = "";
            try
            {
                var seen = await ScanAsync(source, new CollectorLimits { Pages = 20 });
                var failed = seen.OfType<Observation.Failed>().Where(failure => failure.Type == type).ToList();
                message = Assert.Single(failed).Message;
                Assert.DoesNotContain(seen.OfType<Observation.Complete>(), complete => complete.Type == type && (type != "*" || complete.Account is null));
            }
            catch (SourceException nothing) when (kind != "aws")
            {
                message = nothing.Message;
            }

            Assert.Contains("pages without end", message);
            Assert.InRange(pages, 2, 40); // Of one action two types are made.
        }
    }

    [Theory]
    [InlineData("DescribeVpcs", 400, "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors></Response>")]
    [InlineData("ListFunctions", 429, """{"__type":"TooManyRequestsException"}""")]
    [InlineData("DescribeParameters", 400, """{"__type":"com.amazonaws.ssm#ThrottlingException"}""")]
    [InlineData("ListBuckets", 503, "<Error><Code>SlowDown</Code></Error>")]
    public async Task Asks_again_when_throttled(string action, int status, string error)
    {
        var left = 3;
        var calm = WireAws.Nothing(action, action == "DescribeVpcs" ? "ec2" : null);
        aws.On(action, _ => Interlocked.Decrement(ref left) >= 0 ? new WireAnswer(error, status) : new WireAnswer(calm));
        var seen = await ScanAsync();
        Assert.DoesNotContain(seen, o => o is Observation.Failed);
        Assert.Equal(4, aws.Requests.Count(r => r.Action == action));
        Assert.Equal(3, time.Pauses.Count);
    }

    [Fact]
    public async Task Waits_as_long_as_the_service_asks_but_no_longer_than_the_limit()
    {
        var pauses = new Queue<string>(["3", "3600"]);
        aws.On("DescribeParameters", _ => pauses.TryDequeue(out var pause) ? new WireAnswer("""{"__type":"ThrottlingException"}""", 400, [("Retry-After", pause)]) : new WireAnswer("""{"Parameters":[]}"""));
        await ScanAsync();
        Assert.Equal([TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30)], time.Pauses);
    }

    [Fact]
    public async Task Gives_up_a_service_that_throttles_on_and_keeps_the_rest()
    {
        aws.On("ListFunctions", """{"__type":"TooManyRequestsException"}""", 429);
        var seen = await ScanAsync();
        var failed = Assert.Single(seen.OfType<Observation.Failed>());
        Assert.Equal(("us-east-1", "lambda", "AWS::Lambda::Function"), (failed.Region, failed.Service, failed.Type));
        Assert.Contains("throttled", failed.Message);
        Assert.DoesNotContain(seen, o => o is Observation.Complete { Type: "AWS::Lambda::Function" });
        Assert.Contains(seen, o => o is Observation.Complete { Type: "AWS::EC2::Instance" });
        Assert.Equal(7, aws.Requests.Count(r => r.Action == "ListFunctions"));
        Assert.All(time.Pauses, p => Assert.InRange(p, TimeSpan.Zero, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Names_the_permission_that_is_wanting()
    {
        aws.On("DescribeInstances", "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>User arn:aws:iam::123456789012:user/alice is not authorized</Message></Error></Errors></Response>", 403);
        var failed = Assert.Single((await ScanAsync()).OfType<Observation.Failed>());
        Assert.Contains("allow ec2:DescribeInstances", failed.Message);
        Assert.DoesNotContain("alice", failed.Message);
    }

    [Theory]
    [InlineData("<html><body>Sign in to the network</body></html>")]
    [InlineData("")]
    [InlineData("<DescribeVpcsResponse><vpcSet><item>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><DescribeVpcsResponse>&a;</DescribeVpcsResponse>")]
    [InlineData("{\"vpcs\": []}")]
    public async Task Takes_no_page_of_something_else_for_an_empty_listing(string body)
    {
        aws.On("DescribeVpcs", body).On("DescribeParameters", "[]").On("ListFunctions", "<html/>").On("ListBuckets", "<html/>").On("ListKeys", "{\"Keys\": [");
        var seen = await ScanAsync();
        string[] types = ["AWS::EC2::VPC", "AWS::KMS::Key", "AWS::Lambda::Function", "AWS::S3::Bucket", "AWS::SSM::Parameter"];
        Assert.Equal(types, seen.OfType<Observation.Failed>().Select(f => f.Type).Order());
        Assert.All(seen.OfType<Observation.Failed>(), f => Assert.Contains("garbage", f.Message));
        Assert.DoesNotContain(seen.OfType<Observation.Complete>(), c => types.Contains(c.Type));
    }

    [Theory]
    [InlineData("DescribeVpcs", "<DescribeVpcsResponse><requestId>1</requestId></DescribeVpcsResponse>", "AWS::EC2::VPC")]
    [InlineData("DescribeInstances", "<DescribeInstancesResponse/>", "AWS::EC2::Instance")]
    [InlineData("DescribeSecurityGroups", "<DescribeSecurityGroupsResponse>all is well</DescribeSecurityGroupsResponse>", "AWS::EC2::SecurityGroup")]
    [InlineData("DescribeDBInstances", "<DescribeDBInstancesResponse><DescribeDBInstancesResult/></DescribeDBInstancesResponse>", "AWS::RDS::DBInstance")]
    [InlineData("DescribeTargetGroups", "<DescribeTargetGroupsResponse><DescribeTargetGroupsResult/></DescribeTargetGroupsResponse>", "AWS::ElasticLoadBalancingV2::TargetGroup")]
    [InlineData("GetAccountAuthorizationDetails", "<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult/></GetAccountAuthorizationDetailsResponse>", "AWS::IAM::Role")]
    [InlineData("ListInstanceProfiles", "<ListInstanceProfilesResponse><ListInstanceProfilesResult/></ListInstanceProfilesResponse>", "AWS::IAM::InstanceProfile")]
    [InlineData("ListBuckets", "<ListAllMyBucketsResult><Owner/></ListAllMyBucketsResult>", "AWS::S3::Bucket")]
    [InlineData("DescribeParameters", "{}", "AWS::SSM::Parameter")]
    [InlineData("ListFunctions", """{"Functions":null}""", "AWS::Lambda::Function")]
    [InlineData("ListFunctions", """{"Functions":{"FunctionName":"f"}}""", "AWS::Lambda::Function")]
    [InlineData("ListKeys", "{}", "AWS::KMS::Key")]
    [InlineData("ListTables", "{}", "AWS::DynamoDB::Table")]
    [InlineData("GetResources", "{}", "AWS::*")]
    [InlineData("DescribeConfigurationRecorderStatus", "{}", "AWS::*")]
    [InlineData("ListAccounts", "{}", "*")]
    public async Task Takes_an_answer_without_its_list_for_no_empty_one(string action, string body, string type)
    {
        aws.On(action, body);
        var seen = await ScanAsync(Source() with { Accounts = [Source().Accounts[0] with { MembersExcept = [] }] });
        Assert.Contains(seen.OfType<Observation.Failed>(), failed => failed.Type == type && failed.Message.Contains("answered garbage", StringComparison.Ordinal));
        Assert.DoesNotContain(seen.OfType<Observation.Complete>(), complete => complete.Type == type && (type != "*" || complete.Account is null));
    }

    [Fact]
    public async Task Reads_no_more_of_an_error_than_it_needs()
    {
        aws.On("ListQueues", new string('x', 10 << 20), 500);
        var failed = Assert.Single((await ScanAsync()).OfType<Observation.Failed>());
        Assert.Contains("HTTP 500", failed.Message);
        Assert.InRange(failed.Message.Length, 1, 300);
    }

    [Fact]
    public async Task Refuses_an_answer_above_the_size_limit()
    {
        aws.On("DescribeParameters", "{\"Parameters\":[], \"x\":\"" + new string('x', 2 << 20) + "\"}");
        var failed = Assert.Single((await ScanAsync(new CollectorLimits { AnswerBytes = 1 << 20 })).OfType<Observation.Failed>());
        Assert.Contains("sent too much", failed.Message);
    }

    [Fact]
    public async Task Does_not_wait_for_ever()
    {
        aws.On("ListQueues", _ => new WireAnswer("", Hangs: true));
        var failed = Assert.Single((await ScanAsync(new CollectorLimits { Attempt = TimeSpan.FromMilliseconds(500) })).OfType<Observation.Failed>());
        Assert.Contains("too slow", failed.Message);
        Assert.Equal(3, aws.Requests.Count(r => r.Action == "ListQueues"));
    }

    [Fact]
    public async Task Follows_no_redirect()
    {
        await using var elsewhere = await WireAws.StartAsync();
        aws.On("DescribeParameters", _ => new WireAnswer("", 307, [("Location", elsewhere.Endpoint.ToString())]));
        Assert.Single((await ScanAsync()).OfType<Observation.Failed>());
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Keeps_names_of_a_functions_environment_and_none_of_its_values()
    {
        aws.On("ListFunctions", """{"Functions":[{"FunctionName":"f","FunctionArn":"arn:aws:lambda:us-east-1:123456789012:function:f","Environment":{"Variables":{"DB_PASSWORD":"hunter2-of-the-test"}}}]}""");
        var seen = await ScanAsync();
        var function = Assert.Single(seen.OfType<Observation.Seen>()).Resource;
        Assert.Equal("DB_PASSWORD", function.Configuration["EnvironmentVariables"]![0]!.GetValue<string>());
        Assert.DoesNotContain("hunter2", string.Join('\n', seen.Select(o => o.ToString())) + function.Configuration.ToJsonString());
    }

    [Fact]
    public async Task Reports_a_bucket_some_of_whose_facts_are_refused()
    {
        aws.On("ListBuckets", "<ListAllMyBucketsResult><Buckets><Bucket><Name>logs</Name></Bucket></Buckets></ListAllMyBucketsResult>")
            .On("encryption", "<Error><Code>AccessDenied</Code></Error>", 403)
            .On("publicAccessBlock", "<Error><Code>NoSuchPublicAccessBlockConfiguration</Code></Error>", 404);
        var seen = await ScanAsync();
        var bucket = Assert.Single(seen.OfType<Observation.Seen>()).Resource;
        Assert.Equal(("arn:aws:s3:::logs", "logs", "us-east-1"), (bucket.Id, bucket.Name, bucket.Region));
        Assert.Equal("s3:GetEncryptionConfiguration", bucket.Configuration["NotRead"]![0]!.GetValue<string>());
        Assert.Contains("s3:GetEncryptionConfiguration", Assert.Single(seen.OfType<Observation.Failed>()).Message);
        Assert.Contains(seen, o => o is Observation.Complete { Type: "AWS::S3::Bucket" });
    }

    [Fact]
    public async Task Leaves_out_what_has_ended()
    {
        aws.On("DescribeInstances", "<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><instanceState><name>terminated</name></instanceState></item>"
            + "<item><instanceId>i-2</instanceId><instanceState><name>running</name></instanceState></item></instancesSet></item></reservationSet></DescribeInstancesResponse>");
        Assert.Equal(["i-2"], (await ScanAsync()).OfType<Observation.Seen>().SelectMany(s => s.Resource.Aliases));
    }

    [Fact]
    public async Task Joins_a_queue_to_the_key_behind_its_alias()
    {
        aws.On("ListAliases", """{"Aliases":[{"AliasName":"alias/data","AliasArn":"arn:aws:kms:us-east-1:123456789012:alias/data","TargetKeyId":"k1"}]}""")
            .On("ListQueues", """{"QueueUrls":["http://sqs/123456789012/jobs"]}""")
            .On("GetQueueAttributes", """{"Attributes":{"QueueArn":"arn:aws:sqs:us-east-1:123456789012:jobs","KmsMasterKeyId":"alias/data"}}""");
        Assert.Contains(
            new Relation("arn:aws:sqs:us-east-1:123456789012:jobs", RelationType.EncryptedBy, "arn:aws:kms:us-east-1:123456789012:key/k1"),
            (await ScanAsync()).OfType<Observation.Related>().Select(r => r.Relation));
    }

    [Fact]
    public async Task Takes_a_resource_whose_tags_it_cannot_read_for_unread()
    {
        aws.On("ListFunctions", """{"Functions":[{"FunctionName":"f","FunctionArn":"arn:aws:lambda:us-east-1:123456789012:function:f"}]}""")
            .On("GetResources", """{"__type":"AccessDeniedException"}""", 400);
        var seen = await ScanAsync();
        Assert.Equal(["AWS::*", "AWS::Lambda::Function"], seen.OfType<Observation.Failed>().Select(failed => failed.Type).Order());
        Assert.All(seen.OfType<Observation.Failed>(), failed => Assert.Contains("tag:GetResources", failed.Message));
        Assert.DoesNotContain(seen, o => o is Observation.Seen or Observation.Complete { Type: "AWS::Lambda::Function" });
    }

    [Theory]
    [InlineData("aws-security-hub", "/findings", "{}")]
    [InlineData("aws-security-hub", "/findings", """{"Findings":{"Id":1}}""")]
    [InlineData("aws-security-hub", "/findings", """{"Findings":[{"Id":"f","Title":"half""")]
    [InlineData("aws-security-hub", "/findings", "")]
    [InlineData("aws-cost-explorer", "GetCostAndUsage", "{}")]
    [InlineData("aws-cost-explorer", "GetCostAndUsage", """{"ResultsByTime":{"TimePeriod":1}}""")]
    [InlineData("aws-cost-explorer", "GetCostAndUsage", """{"ResultsByTime":[{"TimePeriod":{"Start":"2026-01-01","End":"2026-02-01"},"Groups":[{"Keys":["s","1"],"Metrics":{"UnblendedCost":{"Amount":7,"Unit":"USD"}}}]}]}""")]
    [InlineData("aws-cost-explorer", "GetCostAndUsage", """{"ResultsByTime":[""")]
    public async Task Takes_nothing_of_another_form_for_the_end_of_a_list(string kind, string action, string answer)
    {
        aws.On(action, answer).On("GetCostAndUsageWithResources", answer);
        var error = await Assert.ThrowsAsync<SourceException>(() => ScanAsync(Source() with { Kind = kind }));
        Assert.Contains("answered garbage", error.Message);
    }

    [Fact]
    public async Task Keeps_half_a_character_of_a_finding_from_ending_the_scan()
    {
        aws.On("/findings", """{"Findings":[{"SchemaVersion":"2018-10-08","Id":"f","GeneratorId":"g","Title":"half \ud800 of one"}]}""");
        var finding = Assert.Single((await ScanAsync(Source() with { Kind = "aws-security-hub" })).OfType<Observation.Found>()).Finding;
        Assert.Equal("half \uFFFD of one", finding.Title);
    }

    [Theory]
    [InlineData("environment", "prod")]
    [InlineData("Env", "prod")]
    [InlineData("STAGE", "prod")]
    [InlineData("team", "from the source")]
    public async Task Takes_the_environment_from_tags_else_from_the_source(string key, string expected)
    {
        aws.On("DescribeVpcs", $"<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId><tagSet><item><key>{key}</key><value>prod</value></item></tagSet></item></vpcSet></DescribeVpcsResponse>");
        Assert.Equal(expected, Assert.Single((await ScanAsync()).OfType<Observation.Seen>()).Resource.Environment);
    }

    [Theory]
    [InlineData("ExpiredToken", 403, "renew")]
    [InlineData("InvalidClientTokenId", 403, "renew")]
    [InlineData("ServiceUnavailable", 503, "scan again later")]
    public async Task Says_what_mends_credentials_that_are_not_accepted(string code, int status, string remedy)
    {
        aws.On("GetCallerIdentity", $"<ErrorResponse><Error><Code>{code}</Code><Message>token AKIAIOSFODNN7EXAMPLE</Message></Error></ErrorResponse>", status);
        var error = await Assert.ThrowsAsync<SourceException>(() => ScanAsync());
        Assert.Contains(remedy, error.Message);
        Assert.DoesNotContain("AKIA", error.Message);
    }

    [Fact]
    public async Task Says_that_nothing_listens_at_the_endpoint()
    {
        var endpoint = aws.Endpoint;
        await aws.DisposeAsync();
        var error = await Assert.ThrowsAsync<SourceException>(() => ScanAsync());
        Assert.Contains($"no connection to {endpoint.GetLeftPart(UriPartial.Authority)}", error.Message);
    }

    [Fact]
    public async Task Says_which_variables_hold_credentials_where_there_are_none()
    {
        AwsCredentials.Set(("AWS_ACCESS_KEY_ID", null), ("AWS_SECRET_ACCESS_KEY", null));
        try
        {
            var error = await Assert.ThrowsAsync<SourceException>(() => ScanAsync());
            Assert.Contains("AWS_PROFILE", error.Message);
            Assert.Empty(aws.Requests);
        }
        finally
        {
            AwsCredentials.Restore();
        }
    }

    [Fact]
    public async Task Says_how_to_use_a_profile_that_signs_in_through_SSO()
    {
        var (config, credentials) = (Path.GetTempFileName(), Path.GetTempFileName());
        await File.WriteAllTextAsync(config, """
            [profile work]
            sso_start_url = https://example.awsapps.com/start
            sso_region = us-east-1
            sso_account_id = 123456789012
            sso_role_name = read
            region = us-east-1
            """, TestContext.Current.CancellationToken);
        AwsCredentials.Set(("AWS_ACCESS_KEY_ID", null), ("AWS_SECRET_ACCESS_KEY", null), ("AWS_PROFILE", "work"), ("AWS_CONFIG_FILE", config), ("AWS_SHARED_CREDENTIALS_FILE", credentials));
        try
        {
            var error = await Assert.ThrowsAsync<SourceException>(() => ScanAsync());
            Assert.Contains("aws configure export-credentials", error.Message);
            Assert.Empty(aws.Requests);
        }
        finally
        {
            AwsCredentials.Restore();
            File.Delete(config);
            File.Delete(credentials);
        }
    }

    [Theory]
    [InlineData("evil.example/#")]
    [InlineData("us_east_1")]
    [InlineData("")]
    public async Task Accepts_no_region_that_is_none(string region) =>
        Assert.Contains("us-east-1", (await Assert.ThrowsAsync<SourceException>(() => ScanAsync(regions: [region]))).Message);

    [Fact]
    public async Task Fails_as_a_whole_when_every_listing_does()
    {
        foreach (var action in (string[])["ListBuckets", "ListKeys", "ListAliases", "ListFunctions", "ListQueues", "ListTables", "DescribeParameters"])
        {
            aws.On(action, "<Error><Code>AccessDenied</Code></Error>", 403);
        }

        await ScanAsync();
        foreach (var action in aws.Requests.Where(r => r.Form is not null && r.Service != "sts").Select(r => r.Action).Distinct().ToArray())
        {
            aws.On(action, "<Response><Error><Code>AccessDenied</Code></Error></Response>", 403);
        }

        Assert.Contains("every listing failed", (await Assert.ThrowsAsync<SourceException>(() => ScanAsync())).Message);
    }

    [Fact]
    public async Task Stops_when_told()
    {
        using var stop = new CancellationTokenSource();
        aws.On("ListQueues", _ =>
        {
            stop.Cancel();
            return new WireAnswer("", Hangs: true);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ScanAsync(stop: stop.Token));
    }

    private SourceSettings Source(IReadOnlyList<string>? regions = null) =>
        new("prod", "aws") { Accounts = [new("") { Regions = regions ?? ["us-east-1"], Endpoint = aws.Endpoint }], Environment = "from the source" };

    private Task<List<Observation>> ScanAsync(CollectorLimits? limits = null, IReadOnlyList<string>? regions = null, CancellationToken stop = default) => ScanAsync(Source(regions), limits, stop);

    private async Task<List<Observation>> ScanAsync(SourceSettings source, CollectorLimits? limits = null, CancellationToken stop = default)
    {
        var seen = new List<Observation>();
        await foreach (var observation in AwsCollector.All(new AmbientKeys(time), time, limits).Single(collector => collector.Kind == source.Kind).CollectAsync(source, stop))
        {
            seen.Add(observation);
        }

        return seen;
    }
}
