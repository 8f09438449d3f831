using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Gcp;
using McpInfra.Graph.Collectors.Rest;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Gcp;

public sealed class A_Google_scan : A_scan_over_REST, IAsyncLifetime
{
    private const string Vm = "//compute.googleapis.com/projects/acme-prod/zones/europe-west1-b/instances/web";
    private readonly QuickTime time = new();
    private readonly List<string> listed =
    [
        """{"name":"//cloudresourcemanager.googleapis.com/projects/acme-prod","assetType":"cloudresourcemanager.googleapis.com/Project","ancestors":["projects/42","organizations/7"],"resource":{"parent":"//cloudresourcemanager.googleapis.com/organizations/7","data":{"projectId":"acme-prod","lifecycleState":"ACTIVE"}}}""",
        """
        {"name":"//compute.googleapis.com/projects/acme-prod/zones/europe-west1-b/instances/web","assetType":"compute.googleapis.com/Instance","ancestors":["projects/42","organizations/7"],
         "resource":{"parent":"//cloudresourcemanager.googleapis.com/projects/42","location":"europe-west1-b","data":{"name":"web","status":"RUNNING","machineType":"https://www.googleapis.com/compute/v1/projects/acme-prod/zones/europe-west1-b/machineTypes/n2-standard-2",
          "labels":{"environment":"prod"},"metadata":{"items":[{"key":"startup-script","value":"hunter2-in-metadata"}]},"deletionProtection":true,"description":"hunter2-in-words",
          "networkInterfaces":[{"networkIP":"10.0.0.2","subnetwork":"https://www.googleapis.com/compute/v1/projects/acme-prod/regions/europe-west1/subnetworks/apps"}],
          "disks":[{"source":"https://www.googleapis.com/compute/v1/projects/acme-prod/zones/europe-west1-b/disks/web","diskEncryptionKey":{"kmsKeyName":"projects/acme-prod/locations/europe-west1/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"}}],
          "serviceAccounts":[{"email":"web@acme-prod.iam.gserviceaccount.com","scopes":["x"]}]}}}
        """,
        """{"name":"//storage.googleapis.com/acme-invoices","assetType":"storage.googleapis.com/Bucket","ancestors":["projects/42"],"resource":{"parent":"//cloudresourcemanager.googleapis.com/projects/42","location":"EU","data":{"name":"acme-invoices","storageClass":"STANDARD","selfLink":"https://www.googleapis.com/storage/v1/b/acme-invoices"}}}""",
    ];

    private WireCloud google = null!;

    public async ValueTask InitializeAsync()
    {
        google = await WireCloud.StartAsync();
        google.On("GET", "/v1/organizations/7:searchAllResources", asked => new CloudAnswer(asked.Query.ContainsKey("assetTypes")
            ? """{"results":[{"name":"//cloudresourcemanager.googleapis.com/projects/acme-prod","assetType":"cloudresourcemanager.googleapis.com/Project","project":"projects/42"}]}"""
            : $$$"""{"results":[{"name":"{{{Vm}}}","assetType":"compute.googleapis.com/Instance","displayName":"told twice"},{"name":"//rockets.googleapis.com/projects/42/pads/apollo","assetType":"rockets.googleapis.com/Pad","project":"projects/42","displayName":"apollo","location":"global","state":"READY","labels":{"team":"space","token":"hunter2"},"parentFullResourceName":"//cloudresourcemanager.googleapis.com/projects/42","kmsKeys":["projects/acme-prod/locations/europe-west1/keyRings/r/cryptoKeys/k"]}]}"""));
        google.On("GET", "/v1/organizations/7/assets", asked =>
        {
            if (asked.Query["contentType"] == "RELATIONSHIP")
            {
                return new CloudAnswer($$$"""{"assets":[{"name":"{{{Vm}}}","assetType":"compute.googleapis.com/Instance","relatedAsset":{"asset":"//compute.googleapis.com/projects/acme-prod/zones/europe-west1-b/instanceGroups/group","assetType":"compute.googleapis.com/InstanceGroup","relationshipType":"INSTANCE_TO_INSTANCEGROUP"} }]}""");
            }

            var at = asked.Query.TryGetValue("pageToken", out var token) ? int.Parse(token, null) : 0;
            return new CloudAnswer($$"""{"assets":[{{(at < listed.Count ? listed[at] : "")}}]{{(at + 1 < listed.Count ? $",\"nextPageToken\":\"{at + 1}\"" : "")}}}""");
        });
    }

    public ValueTask DisposeAsync() => google.DisposeAsync();

    [Fact]
    public async Task Gives_every_asset_the_one_shape_under_its_projects_id()
    {
        var seen = await ScanAsync();
        Assert.Empty(seen.Failures);
        Assert.Equal(["acme-invoices", "acme-prod", "apollo", "web"], seen.Resources.Select(resource => resource.Name).Order());
        var web = seen["web"];
        Assert.Equal(
            ("https://www.googleapis.com/compute/v1/projects/acme-prod/zones/europe-west1-b/instances/web", "compute.googleapis.com/Instance", "gcp", "acme-prod", "europe-west1-b", "RUNNING", "prod"),
            (web.Id, web.Type, web.Provider, web.Account, web.Region, web.Status, web.Tags["environment"]));
        Assert.Contains(Vm, web.Aliases);
        Assert.True(web.Configuration["deletionProtection"]!.GetValue<bool>());
        Assert.Contains("acme-invoices", seen["acme-invoices"].Aliases);
        Assert.Equal(("rockets.googleapis.com/Pad", "acme-prod", null, "READY"), (seen["apollo"].Type, seen["apollo"].Account, seen["apollo"].Region, seen["apollo"].Status));
    }

    [Fact]
    public async Task Relates_what_configurations_and_relationships_name()
    {
        Assert.Equal(
            ["acme-prod CONTAINS acme-invoices", "acme-prod CONTAINS apollo", "acme-prod CONTAINS web", "apollo ENCRYPTED_BY k", "apps HOSTS web", "group CONTAINS web", "web ASSUMES web@acme-prod.iam.gserviceaccount.com", "web ATTACHED_TO web", "web ENCRYPTED_BY k", "7 CONTAINS acme-prod"],
            (await ScanAsync()).Relations.Order(StringComparer.Ordinal).OrderBy(relation => char.IsDigit(relation[0])));
    }

    [Fact]
    public async Task Only_lists_and_searches_with_its_token()
    {
        await ScanAsync();
        Assert.All(google.Requests, request => Assert.Equal(("GET", "Bearer token-of-"), (request.Method, request.Authorization)));
    }

    [Fact]
    public async Task Sends_the_token_of_each_account_to_its_own_endpoint_only()
    {
        await using var other = await WireCloud.StartAsync();
        other.On(_ => new CloudAnswer("{}"));
        var source = Source with { Accounts = [Source.Accounts[0] with { Name = "one" }, new("two") { Endpoint = other.Endpoint, Scopes = ["projects/other"] }] };
        var seen = await Observed.ByAsync(Collector(), source, TestContext.Current.CancellationToken);
        Assert.Empty(seen.Failures);
        Assert.All(google.Requests, request => Assert.Equal("Bearer token-of-one", request.Authorization));
        Assert.All(other.Requests, request => Assert.Equal("Bearer token-of-two", request.Authorization));
        Assert.NotEmpty(other.Requests);
    }

    [Fact]
    public async Task Goes_without_relationships_where_they_are_not_to_be_had()
    {
        google.On(asked => asked.Query.GetValueOrDefault("contentType") == "RELATIONSHIP" ? new CloudAnswer("""{"error":{"code":403,"status":"PERMISSION_DENIED","message":"Relationships need the Premium tier of Security Command Center, hunter2."}}""", 403) : null);
        var seen = await ScanAsync();
        Assert.Empty(seen.Failures);
        Assert.DoesNotContain("group CONTAINS web", seen.Relations);
    }

    [Fact]
    public async Task Tells_a_permission_that_is_wanting_for_relationships_and_removes_none()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        google.On(asked => asked.Query.GetValueOrDefault("contentType") == "RELATIONSHIP"
            ? new CloudAnswer("""{"error":{"code":403,"status":"PERMISSION_DENIED","message":"hunter2 has no cloudasset.assets.listResource","details":[{"reason":"IAM_PERMISSION_DENIED"}]}}""", 403) : null);
        var failure = (await StoreAsync(graph)).Failure;
        Assert.Contains("refused (HTTP 403 PERMISSION_DENIED); allow roles/cloudasset.viewer", failure);
        Assert.DoesNotContain("hunter2", failure);
        var web = graph.Graph.Resolve("web").Found!;
        Assert.Contains(graph.Graph.Describe(web)!.Relations, relation => relation is { Type: RelationType.Contains, Forward: false });
    }

    [Fact]
    public async Task Reads_projects_folders_and_organisations_under_one_identity_and_leaves_the_rest_when_one_refuses()
    {
        google.On("GET", "/v1/folders/9:searchAllResources", """{"results":[]}""").On("GET", "/v1/folders/9/assets", """{"error":{"code":403,"status":"PERMISSION_DENIED"}}""", 403)
            .On("GET", "/v1/projects/lone:searchAllResources", """{"results":[{"name":"//cloudresourcemanager.googleapis.com/projects/lone","assetType":"cloudresourcemanager.googleapis.com/Project","project":"projects/77"}]}""")
            .On("GET", "/v1/projects/lone/assets", """{"assets":[]}""");
        var source = Source with { Accounts = [Source.Accounts[0] with { Scopes = ["organizations/7", "folders/9", "projects/lone"] }] };
        var seen = await Observed.ByAsync(Collector(), source, TestContext.Current.CancellationToken);
        Assert.Contains("folders/9", Assert.Single(seen.Failures).Message);
        Assert.Equal(["acme-prod", "lone", "organizations/7"], seen.Complete.Select(complete => complete.Account!).Order());
    }

    [Fact]
    public async Task That_fails_half_way_removes_nothing()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        google.On(asked => asked.Query.GetValueOrDefault("pageToken") == "2" ? new CloudAnswer("""{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}""", 429) : null);
        var failure = (await StoreAsync(graph)).Failure;
        Assert.Contains("Cloud Asset Inventory of organizations/7 still throttled after 6 retries (HTTP 429 RESOURCE_EXHAUSTED)", failure);
        Assert.Equal(4, graph.Graph.Search(new() { Limit = 10 }).Total);
    }

    [Theory]
    [InlineData("pageToken", "2")]
    [InlineData("contentType", "RELATIONSHIP")]
    public async Task That_was_cut_goes_on_at_its_last_page_and_tells_nothing_twice(string parameter, string value)
    {
        using var straight = new GraphFixture();
        await StoreAsync(straight);
        using var graph = new GraphFixture();
        var isLost = true;
        google.On(asked => isLost && asked.Query.GetValueOrDefault(parameter) == value ? new CloudAnswer("", CutAt: 0) : null);
        Assert.NotNull((await StoreAsync(graph)).Failure);
        var before = google.Requests.Count;
        isLost = false;
        Assert.Null((await StoreAsync(graph)).Failure);
        Assert.DoesNotContain(google.Requests.Skip(before), asked => asked.Query.GetValueOrDefault("contentType") == "RESOURCE" && !asked.Query.ContainsKey("pageToken"));
        Assert.Equal(Shown(straight), Shown(graph));

        static IEnumerable<string> Shown(GraphFixture graph) => graph.Graph.Search(new() { Limit = 10 }).Resources.Select(row =>
            $"{row.Id} {row.Name} " + string.Join(' ', graph.Graph.Describe(row)!.Relations.Select(relation => $"{relation.Type}{relation.Forward}{relation.Other.Id}").Order())).Order();
    }

    [Fact]
    public async Task Removes_what_is_gone()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        listed.RemoveAt(2);
        await StoreAsync(graph);
        Assert.DoesNotContain(graph.Graph.Search(new() { Limit = 10 }).Resources, resource => resource.Name == "acme-invoices");
    }

    [Theory]
    [InlineData(true, "an earlier one as the next")]
    [InlineData(false, "more than 20 pages")]
    public async Task Ends_a_listing_that_pages_for_ever_and_removes_nothing(bool same, string reason)
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        var page = 0;
        google.On(_ => new CloudAnswer($$"""{"nextPageToken":"{{(same ? 1 : ++page)}}"}"""));
        var failure = (await StoreAsync(graph)).Failure;
        Assert.Contains("pages without end", failure);
        Assert.Contains(reason, failure);
        Assert.Equal(4, graph.Graph.Search(new() { Limit = 10 }).Total);
    }

    private SourceSettings Source => new("google", "google") { Accounts = [new("") { Endpoint = google.Endpoint, Scopes = ["organizations/7"] }] };

    private GcpCollector Collector() => new(new GivenSecrets(), time, new CollectorLimits { Pages = 20 });

    private Task<Observed> ScanAsync() => Observed.ByAsync(Collector(), Source, TestContext.Current.CancellationToken);

    protected override async Task<SourceResult> StoreAsync(GraphFixture graph) => Assert.Single((await graph.ScanAsync([Source], [Collector()], null)).Sources);
}
