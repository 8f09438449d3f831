using System.Security.Cryptography;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Scanning;

public sealed class Google_and_OCI_are_scanned : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("clouds-");
    private WireCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await WireCloud.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await cloud.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Google_by_a_pools_token_exchanged_for_one_of_Google()
    {
        var (token, pool) = (Write("subject", "subject-token"), Path.Combine(folder.FullName, "pool.json"));
        File.WriteAllText(pool, $$"""
            {"type":"external_account","audience":"//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x","subject_token_type":"urn:ietf:params:oauth:token-type:jwt",
             "token_url":"{{cloud.Endpoint}}sts","credential_source":{"file":"{{token}}"} }
            """);
        cloud.On("POST", "/sts", """{"access_token":"ya29-of-the-pool","issued_token_type":"urn:ietf:params:oauth:token-type:access_token","token_type":"Bearer","expires_in":3600}""");
        cloud.On("GET", "/v1/projects/acme:searchAllResources", """{"results":[]}""");
        cloud.On("GET", "/v1/projects/acme/assets", asked => new CloudAnswer(asked.Query["contentType"] == "RESOURCE"
            ? """{"assets":[{"name":"//pubsub.googleapis.com/projects/acme/topics/orders","assetType":"pubsub.googleapis.com/Topic","ancestors":["projects/acme"],"resource":{"data":{"kmsKeyName":"projects/acme/locations/eu/keyRings/r/cryptoKeys/main"}}},{"name":"//cloudkms.googleapis.com/projects/acme/locations/eu/keyRings/r/cryptoKeys/main","assetType":"cloudkms.googleapis.com/CryptoKey","ancestors":["projects/acme"]}]}"""
            : """{"assets":[]}"""));
        using var scanned = new Scanned($$"""sources: [ { name: google, kind: google, scopes: [projects/acme], endpoint: "{{cloud.Endpoint}}", credentials: { scan: { google: { workload_identity: "{{pool}}" } } } } ]""");
        await using var client = await scanned.ServeAsync();
        Assert.Equal("orders", await Scanned.NamesAsync(client, new { type = "pubsub.googleapis.com/Topic", account = "acme" }));
        Assert.Contains("orders", await Scanned.TraceAsync(client, "main", "impact"));
        Assert.All(cloud.Requests.Where(request => request.Method == "GET"), request => Assert.Equal("Bearer ya29-of-the-pool", request.Authorization));
    }

    [Fact]
    public async Task OCI_by_the_key_of_a_profile()
    {
        using var rsa = RSA.Create(2048);
        Write("key.pem", rsa.ExportPkcs8PrivateKeyPem());
        var config = Write("config", "[DEFAULT]\ntenancy=ocid1.tenancy.oc1..t\nuser=ocid1.user.oc1..u\nfingerprint=aa:bb\nkey_file=key.pem\n[SCAN]\nuser=ocid1.user.oc1..scan\n");
        cloud.On("POST", "/20180409/resources", """{"items":[{"identifier":"ocid1.vcn.oc1.iad.n","resourceType":"Vcn","displayName":"net","compartmentId":"ocid1.compartment.oc1..c"},{"identifier":"ocid1.subnet.oc1.iad.s","resourceType":"Subnet","displayName":"apps","compartmentId":"ocid1.compartment.oc1..c"}]}""");
        cloud.On("GET", "/20160918/subnets/ocid1.subnet.oc1.iad.s", """{"id":"ocid1.subnet.oc1.iad.s","vcnId":"ocid1.vcn.oc1.iad.n","cidrBlock":"10.0.0.0/24"}""");
        using var scanned = new Scanned($$"""sources: [ { name: oci, kind: oci, regions: [us-ashburn-1], endpoint: "{{cloud.Endpoint}}", credentials: { scan: { oci: { config_file: "{{config}}", profile: SCAN } } } } ]""");
        await using var client = await scanned.ServeAsync();
        Assert.Equal("apps net", await Scanned.NamesAsync(client, new { provider = "oci" }));
        Assert.Contains("apps", await Scanned.TraceAsync(client, "net", "impact"));
        Assert.All(cloud.Requests, request => Assert.Contains("keyId=\"ocid1.tenancy.oc1..t/ocid1.user.oc1..scan/aa:bb\"", request.Authorization, StringComparison.Ordinal));
        Assert.DoesNotContain(rsa.ExportPkcs8PrivateKeyPem().Split('\n')[3], scanned.Written(), StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder.FullName, name);
        File.WriteAllText(file, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }
}
