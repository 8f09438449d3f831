using System.Text;
using System.Text.Json;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Aws;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using McpInfra.Storage;
using McpInfra.TestKit;
using Microsoft.Data.Sqlite;
using Xunit;

namespace McpInfra.RealCloud;

/// <summary>Security Hub, Cost Explorer, CloudFormation, organisations, AWS Config and tags of a moto of their own.</summary>
public sealed class More_of_AWS : IDisposable
{
    private const string Template = """
        {"Resources":{"Orders":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"orders"}},"Archive":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"shop-archive"}}},
         "Parameters":{"Password":{"Type":"String","Default":"hunter2hunter2"}}}
        """;

    private static readonly CollectorLimits Limits = new() { Requests = 16, Retries = 1, FirstPause = TimeSpan.FromMilliseconds(10) };

    private readonly string folder = Directory.CreateTempSubdirectory("more-").FullName;
    private Database? database;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ResourceGraph Graph => new Graphs(database!, Path.Combine(folder, "snapshots"), TimeProvider.System).For("acme");

    [Fact]
    public async Task Security_hubs_findings_are_linked_to_resources_and_resolved_when_they_are_gone()
    {
        await using var moto = await PreparedAsync();
        await RestAsync(moto, "securityhub", "/findings/import", new { Findings = new[] { Finding("public", "FAILED"), Finding("fine", "PASSED") } });
        await ScanAsync(moto, "aws", "aws-security-hub");
        var open = Assert.Single(Graph.Findings(new FindingQuery { Status = FindingStatus.Open }).Findings);
        Assert.Equal(("S3.8", "high", "acme-archive"), (open.Rule, open.Severity, Assert.Single(open.Resources).Name));

        await using var mended = await PreparedAsync();
        await ScanAsync(mended, "aws-security-hub");
        Assert.Equal(FindingStatus.Resolved, Assert.Single(Graph.Findings(new FindingQuery()).Findings).Status);
    }

    [Fact]
    public async Task Costs_are_told_by_service_and_account()
    {
        await using var moto = await PreparedAsync();
        var month = new DateOnly(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1);
        using var http = new HttpClient { BaseAddress = moto.Endpoint };
        var results = JsonSerializer.Serialize(new
        {
            results = new[]
            {
                new
                {
                    ResultsByTime = new[]
                    {
                        new
                        {
                            TimePeriod = new { Start = month.ToString("yyyy-MM-dd", null), End = month.AddMonths(1).ToString("yyyy-MM-dd", null) }, Estimated = true, Total = new { },
                            Groups = new[] { new { Keys = new[] { "Amazon Simple Queue Service", "123456789012" }, Metrics = new { UnblendedCost = new { Amount = "12.34", Unit = "USD" }, AmortizedCost = new { Amount = "11.00", Unit = "USD" } } } },
                        },
                    },
                },
            },
        });
        using var queued = await http.PostAsync("/moto-api/static/ce/cost-and-usage-results", new StringContent(results, Encoding.UTF8, "application/json"), Stop);
        Assert.True(queued.IsSuccessStatusCode);
        var scanned = await ScanAsync(moto, "aws-cost-explorer");
        Assert.Equal(1, scanned.Sources[0].Charges);
        Assert.Equal("cost by resource", Assert.Single(scanned.Sources[0].Failures).Type); // moto has none.
    }

    [Fact]
    public async Task Stacks_of_CloudFormation_manage_what_the_cloud_has()
    {
        await using var moto = await PreparedAsync();
        await FormAsync(moto, "cloudformation", ("Action", "CreateStack"), ("Version", "2010-05-15"), ("StackName", "shop"), ("TemplateBody", Template));
        await ScanAsync(moto, "aws", "aws-cloudformation");
        Assert.Equal("shop/Orders", Graph.Resolve("orders").Found!.Address);
        var archive = Graph.Resolve("shop/Archive").Found!;
        Assert.Equal(("shop-archive", true), (archive.Name, archive.IsManaged));
        Assert.Contains(Graph.Describe(archive)!.Relations, relation => relation.Other.Type == "AWS::CloudFormation::Stack" && !relation.Forward);
        SqliteConnection.ClearAllPools();
        Assert.All(Directory.EnumerateFiles(folder), file => Assert.DoesNotContain("hunter2hunter2", Encoding.UTF8.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Accounts_of_an_organisation_are_read_by_roles_of_their_own()
    {
        await using var moto = await PreparedAsync();
        await JsonAsync(moto, "organizations", "AWSOrganizationsV20161128.CreateOrganization", new { FeatureSet = "ALL" });
        var created = await JsonAsync(moto, "organizations", "AWSOrganizationsV20161128.CreateAccount", new { AccountName = "shop", Email = "shop@example.com" });
        var member = created.GetProperty("CreateAccountStatus").GetProperty("AccountId").GetString()!;
        var source = new SourceSettings("org", "aws") { Accounts = [new("") { Regions = ["us-east-1"], Endpoint = moto.Endpoint, MembersExcept = [] }] };
        var scanned = await new Scanner(database!, AwsCollector.All(new AmbientKeys(TimeProvider.System), TimeProvider.System), null, TimeProvider.System).ScanAsync("acme", [source], null, Stop);
        Assert.Empty(Assert.Single(scanned.Sources).Failures);
        Assert.Equal("shop", Graph.Resolve(member).Found!.Name);
        Assert.Equal(new[] { "123456789012", member }.Order(), Graph.Search(new SearchQuery { Type = "AWS::EC2::VPC" }).Resources.Select(vpc => vpc.Account!).Order());
    }

    [Fact]
    public async Task What_only_tags_know_is_added_to_what_services_and_Config_tell()
    {
        await using var moto = await PreparedAsync();
        await JsonAsync(moto, "config", "StarlingDoveService.PutConfigurationRecorder", new { ConfigurationRecorder = new { name = "default", roleARN = "arn:aws:iam::123456789012:role/config" } });
        await JsonAsync(moto, "config", "StarlingDoveService.PutDeliveryChannel", new { DeliveryChannel = new { name = "default", s3BucketName = "acme-archive" } });
        await JsonAsync(moto, "config", "StarlingDoveService.StartConfigurationRecorder", new { ConfigurationRecorderName = "default" });
        await FormAsync(moto, "sns", ("Action", "CreateTopic"), ("Version", "2010-03-31"), ("Name", "alerts"), ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "pay"));
        Assert.Empty(Assert.Single((await ScanAsync(moto, "aws")).Sources).Failures);
        Assert.Equal("AWS::SNS::Topic", Assert.Single(Graph.Search(new SearchQuery { Tag = "team=pay" }).Resources).Type);
        Assert.Single(Graph.Search(new SearchQuery { Text = "acme-archive" }).Resources);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static object Finding(string id, string status) => new
    {
        SchemaVersion = "2018-10-08", Id = id, ProductArn = "arn:aws:securityhub:us-east-1::product/aws/securityhub", GeneratorId = "security-control/S3.8", AwsAccountId = "123456789012", Types = new[] { "Checks" },
        CreatedAt = "2026-01-01T00:00:00Z", UpdatedAt = "2026-01-01T00:00:00Z", Severity = new { Label = "HIGH" }, Title = "Public", Description = "d",
        Resources = new[] { new { Type = "AwsS3Bucket", Id = "arn:aws:s3:::acme-archive" } }, Compliance = new { Status = status }, RecordState = "ACTIVE",
    };

    private async Task<Moto> PreparedAsync()
    {
        Estate.UseKeys();
        var moto = await Moto.StartAsync(Stop);
        database ??= Database.OpenSqlite(Path.Combine(folder, "graph.db"), GraphSchema.Schema);
        using var http = new HttpClient();
        using var made = await http.SendAsync(Signed(HttpMethod.Put, new Uri(moto.Endpoint, "/acme-archive"), "s3", null), Stop);
        Assert.True(made.IsSuccessStatusCode);
        using var hub = await http.SendAsync(Signed(HttpMethod.Post, new Uri(moto.Endpoint, "/accounts"), "securityhub", new StringContent("{}", Encoding.UTF8, "application/json")), Stop);
        Assert.True(hub.IsSuccessStatusCode);
        return moto;
    }

    private async Task<ScanResult> ScanAsync(Moto moto, params string[] kinds)
    {
        var scanner = new Scanner(database!, AwsCollector.All(new AmbientKeys(TimeProvider.System), TimeProvider.System, Limits), null, TimeProvider.System);
        var scanned = await scanner.ScanAsync("acme", [.. kinds.Select(kind => new SourceSettings(kind, kind) { Accounts = [new("") { Regions = ["us-east-1"], Endpoint = moto.Endpoint }] })], null, Stop);
        Assert.All(scanned.Sources, source => Assert.Null(source.Failure));
        return scanned;
    }

    private static async Task RestAsync(Moto moto, string service, string path, object body)
    {
        using var http = new HttpClient();
        using var answer = await http.SendAsync(Signed(HttpMethod.Post, new Uri(moto.Endpoint, path), service, new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json")), Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    private static async Task<JsonElement> JsonAsync(Moto moto, string service, string target, object body)
    {
        using var http = new HttpClient();
        using var request = Signed(HttpMethod.Post, moto.Endpoint, service, new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/x-amz-json-1.1"));
        request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        using var answer = await http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    private static async Task FormAsync(Moto moto, string service, params (string Name, string Value)[] fields)
    {
        using var http = new HttpClient();
        using var answer = await http.SendAsync(Signed(HttpMethod.Post, moto.Endpoint, service, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)))), Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }

    // moto reads of a signature only which service and region it is for.
    private static HttpRequestMessage Signed(HttpMethod method, Uri uri, string service, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, uri) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");
        return request;
    }
}
