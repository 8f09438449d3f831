using System.Security.Cryptography;
using System.Text;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Oci;
using McpInfra.Graph.Collectors.Rest;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Oci;

public sealed class An_OCI_scan : A_scan_over_REST, IAsyncLifetime
{
    private const string Tenancy = "ocid1.tenancy.oc1..aaaa";
    private const string Vm = "ocid1.instance.oc1.iad.vvvv";
    private const string Net = "ocid1.vcn.oc1.iad.nnnn";
    private readonly RSA key = RSA.Create(2048);
    private readonly QuickTime time = new();
    private readonly List<string> rows =
    [
        $$$"""{"identifier":"{{{Vm}}}","resourceType":"Instance","displayName":"web","compartmentId":"ocid1.compartment.oc1..cccc","lifecycleState":"RUNNING","freeformTags":{"environment":"prod","password":"hunter2"},"definedTags":{"Ops":{"team":"pay"} } }""",
        $$$"""{"identifier":"{{{Net}}}","resourceType":"Vcn","displayName":"net","compartmentId":"ocid1.compartment.oc1..cccc","lifecycleState":"AVAILABLE"}""",
        """{"identifier":"ocid1.rocket.oc1.iad.rrrr","resourceType":"Rocket","displayName":"apollo","compartmentId":"ocid1.compartment.oc1..cccc"}""",
        """{"identifier":"ocid1.instance.oc1.iad.gone","resourceType":"Instance","displayName":"old","lifecycleState":"Terminated"}""",
    ];

    private WireCloud oci = null!;

    public async ValueTask InitializeAsync()
    {
        oci = await WireCloud.StartAsync();
        oci.On("POST", "/20180409/resources", asked =>
        {
            var at = asked.Query.TryGetValue("page", out var token) ? int.Parse(token, null) : 0;
            return new CloudAnswer($$"""{"items":[{{string.Join(',', rows.Skip(at).Take(2))}}]}""", Headers: at + 2 < rows.Count ? [("opc-next-page", $"{at + 2}")] : null);
        });
        oci.On("GET", $"/20160918/instances/{Vm}", """{"id":"ocid1.instance.oc1.iad.vvvv","lifecycleState":"STOPPED","shape":"VM.Standard.E4.Flex","metadata":{"user_data":"hunter2"},"sourceDetails":{"sourceType":"image","imageId":"ocid1.image.oc1.iad.iiii"},"subnetId":"ocid1.subnet.oc1.iad.ssss"}""");
        oci.On("GET", $"/20160918/vcns/{Net}", """{"id":"ocid1.vcn.oc1.iad.nnnn","cidrBlocks":["10.0.0.0/16"],"defaultRouteTableId":"ocid1.routetable.oc1.iad.tttt","lifecycleState":"AVAILABLE"}""");
    }

    public async ValueTask DisposeAsync()
    {
        key.Dispose();
        await oci.DisposeAsync();
    }

    [Fact]
    public async Task Gives_what_is_found_the_one_shape_with_its_details()
    {
        var seen = await ScanAsync();
        Assert.Empty(seen.Failures);
        Assert.Equal(["apollo", "net", "web"], seen.Resources.Select(resource => resource.Name).Order());
        var web = seen["web"];
        Assert.Equal((Vm, "Instance", "oci", Tenancy, "us-ashburn-1", "STOPPED", "prod", "pay"), (web.Id, web.Type, web.Provider, web.Account, web.Region, web.Status, web.Tags["environment"], web.Tags["Ops.team"]));
        Assert.Equal("VM.Standard.E4.Flex", web.Configuration["shape"]!.GetValue<string>());
        Assert.Equal([new Observation.Complete(Tenancy, "us-ashburn-1", "*")], seen.Complete);
        Assert.Superset(new HashSet<string>(["ocid1.compartment.oc1..cccc CONTAINS web", "ocid1.subnet.oc1.iad.ssss HOSTS web"]), seen.All.OfType<Observation.Related>()
            .Select(related => $"{related.Relation.From} {Vocabulary.Name(related.Relation.Type)} {(related.Relation.To == Vm ? "web" : related.Relation.To)}").ToHashSet());
    }

    [Fact]
    public async Task Reads_a_bucket_in_the_tenancys_namespace_which_is_asked_for_once()
    {
        rows.AddRange(["""{"identifier":"ocid1.bucket.oc1.iad.bbbb","resourceType":"Bucket","displayName":"open data"}""", """{"identifier":"ocid1.bucket.oc1.iad.cccc","resourceType":"Bucket","displayName":"closed"}"""]);
        oci.On("GET", "/n", "\"axaxnpcrorw5\"");
        oci.On("GET", "/n/axaxnpcrorw5/b/open%20data", """{"id":"ocid1.bucket.oc1.iad.bbbb","name":"open data","publicAccessType":"ObjectRead","versioning":"Disabled","kmsKeyId":"ocid1.key.oc1.iad.kkkk"}""");
        oci.On("GET", "/n/axaxnpcrorw5/b/closed", """{"code":"BucketNotFound"}""", 404);
        var seen = await ScanAsync();
        Assert.Empty(seen.Failures);
        Assert.Equal(("ObjectRead", "Disabled"), (seen["open data"].Configuration["publicAccessType"]!.ToString(), seen["open data"].Configuration["versioning"]!.ToString()));
        Assert.Contains(seen.All, one => one is Observation.Related { Relation: { From: "ocid1.bucket.oc1.iad.bbbb", Type: RelationType.EncryptedBy, To: "ocid1.key.oc1.iad.kkkk" } });
        Assert.Equal("closed", seen["closed"].Name);
        Assert.Single(oci.Requests, asked => asked.Path == "/n");
    }

    [Fact]
    public async Task Signs_every_request_with_the_users_key_and_the_body_too()
    {
        await ScanAsync();
        Assert.All(oci.Requests, request => Assert.True(IsSigned(request), request.Path));
        Assert.All(oci.Requests.Where(request => request.Method == "POST"), request => Assert.Contains("x-content-sha256", request.Authorization));
    }

    [Fact]
    public async Task Signs_with_the_key_of_each_tenancy_at_its_own_endpoint_only()
    {
        await using var other = await WireCloud.StartAsync();
        other.On(_ => new CloudAnswer("""{"items":[]}"""));
        var source = Source with { Accounts = [Source.Accounts[0] with { Name = "one" }, new("two") { Endpoint = other.Endpoint, Regions = ["eu-frankfurt-1"] }] };
        var secrets = new GivenSecrets(account => new SourceSecret(key.ExportPkcs8PrivateKeyPem(), account.Name == "two" ? "ocid1.tenancy.oc1..other/u/f" : $"{Tenancy}/u/f"));
        var seen = await Observed.ByAsync(new OciCollector(secrets, time), source, TestContext.Current.CancellationToken);
        Assert.Empty(seen.Failures);
        Assert.Equal([Tenancy, "ocid1.tenancy.oc1..other"], seen.Complete.Select(complete => complete.Account!).Order(StringComparer.Ordinal).OrderBy(account => account != Tenancy));
        Assert.All(oci.Requests, request => Assert.Contains($"keyId=\"{Tenancy}/u/f\"", request.Authorization, StringComparison.Ordinal));
        Assert.All(other.Requests, request => Assert.Contains("keyId=\"ocid1.tenancy.oc1..other/u/f\"", request.Authorization, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shows_what_may_not_be_read_whole_by_what_the_search_tells()
    {
        oci.On("GET", $"/20160918/instances/{Vm}", """{"code":"NotAuthorizedOrNotFound"}""", 404);
        Assert.Equal("RUNNING", (await ScanAsync())["web"].Status);
    }

    [Theory]
    [InlineData("/20180409/resources", 500)]
    [InlineData("/20160918/instances/ocid1.instance.oc1.iad.vvvv", 429)]
    public async Task That_fails_half_way_removes_nothing(string path, int status)
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        oci.On(asked => asked.Path == path && (asked.Method == "GET" || asked.Query.ContainsKey("page")) ? new CloudAnswer("""{"code":"TooManyRequests","message":"hunter2"}""", status, Headers: [("Retry-After", "2")]) : null);
        var failure = (await StoreAsync(graph)).Failure;
        Assert.NotNull(failure);
        Assert.DoesNotContain("hunter2", failure);
        Assert.Contains(TimeSpan.FromSeconds(2), time.Pauses);
        Assert.Equal(3, graph.Graph.Search(new() { Limit = 10 }).Total);
    }

    [Fact]
    public async Task That_was_cut_goes_on_at_its_last_page()
    {
        using var graph = new GraphFixture();
        var isLost = true;
        oci.On(asked => isLost && asked.Query.ContainsKey("page") ? new CloudAnswer("", CutAt: 0) : null);
        Assert.NotNull((await StoreAsync(graph)).Failure);
        var before = oci.Requests.Count;
        isLost = false;
        Assert.Null((await StoreAsync(graph)).Failure);
        Assert.Equal(["2"], oci.Requests.Skip(before).Select(asked => asked.Query["page"]));
        Assert.Equal(3, graph.Graph.Search(new() { Limit = 10 }).Total);
    }

    [Theory]
    [InlineData(true, "an earlier one as the next")]
    [InlineData(false, "more than 20 pages")]
    public async Task Ends_a_listing_that_pages_for_ever_and_removes_nothing(bool same, string reason)
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        var page = 0;
        oci.On("POST", "/20180409/resources", _ => new CloudAnswer("""{"items":[]}""", Headers: [("opc-next-page", $"{(same ? 1 : ++page)}")]));
        var failure = (await StoreAsync(graph)).Failure;
        Assert.Contains("pages without end", failure);
        Assert.Contains(reason, failure);
        Assert.Equal(3, graph.Graph.Search(new() { Limit = 10 }).Total);
    }

    [Theory]
    [InlineData("query", "us-ashburn-1", "oc1", "https://query.us-ashburn-1.oci.oraclecloud.com/")]
    [InlineData("iaas", "us-langley-1", "oc2", "https://iaas.us-langley-1.oraclegovcloud.com/")]
    [InlineData("query", "us-gov-ashburn-1", "oc3", "https://query.us-gov-ashburn-1.oci.oraclegovcloud.com/")]
    [InlineData("objectstorage", "us-ashburn-1", "oc1", "https://objectstorage.us-ashburn-1.oraclecloud.com/")]
    [InlineData("identity", "us-ashburn-1", "oc1", "https://identity.us-ashburn-1.oci.oraclecloud.com/")]
    [InlineData("database", "uk-gov-london-1", "oc4", "https://database.uk-gov-london-1.oraclegovcloud.uk/")]
    [InlineData("query", "ap-chiyoda-1", "oc8", "https://query.ap-chiyoda-1.oci.oraclecloud8.com/")]
    [InlineData("query", "eu-frankfurt-2", "oc19", "https://query.eu-frankfurt-2.oci.oraclecloud.eu/")]
    public void Asks_the_hosts_of_the_tenancys_own_realm(string service, string region, string realm, string endpoint) =>
        Assert.Equal(endpoint, OciRealm.Endpoint(service, region, $"ocid1.tenancy.{realm}..aaaa").ToString());

    [Theory]
    [InlineData("ocid1.tenancy.oc99..aaaa")]
    [InlineData("ocid1.tenancy.evil.example/..aaaa")]
    [InlineData("nothing")]
    public void Guesses_no_domain(string tenancy) => Assert.Throws<SourceException>(() => OciRealm.Endpoint("query", "us-ashburn-1", tenancy));

    [Fact]
    public async Task Refuses_a_key_that_is_none()
    {
        var failed = await Assert.ThrowsAsync<SourceException>(() => Observed.ByAsync(new OciCollector(new GivenSecrets(_ => new SourceSecret("no key", $"{Tenancy}/u/f")), time), Source, TestContext.Current.CancellationToken));
        Assert.Contains("no RSA key", failed.Message);
        Assert.Empty(oci.Requests);
    }

    // As the service does it: from what came over the wire alone.
    private bool IsSigned(WireCloud.Asked request)
    {
        var parts = request.Authorization["Signature ".Length..].Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1].Trim('"'));
        var query = request.Query.Count == 0 ? "" : "?" + string.Join('&', request.Query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        var text = string.Join('\n', parts["headers"].Split(' ').Select(name => $"{name}: {(name == "(request-target)" ? $"{request.Method.ToLowerInvariant()} {request.Path}{query}" : request.Headers[name])}"));
        var bodyFits = request.Body.Length == 0 || request.Headers["x-content-sha256"] == Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(request.Body)));
        return bodyFits && parts["keyId"] == $"{Tenancy}/u/f" && key.VerifyData(Encoding.UTF8.GetBytes(text), Convert.FromBase64String(parts["signature"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private SourceSettings Source => new("oci", "oci") { Accounts = [new("") { Endpoint = oci.Endpoint, Regions = ["us-ashburn-1"] }] };

    private OciCollector Collector() => new(new GivenSecrets(_ => new SourceSecret(key.ExportPkcs8PrivateKeyPem(), $"{Tenancy}/u/f")), time, new CollectorLimits { Pages = 20 });

    private Task<Observed> ScanAsync() => Observed.ByAsync(Collector(), Source, TestContext.Current.CancellationToken);

    protected override async Task<SourceResult> StoreAsync(GraphFixture graph) => Assert.Single((await graph.ScanAsync([Source], [Collector()], null)).Sources);
}
