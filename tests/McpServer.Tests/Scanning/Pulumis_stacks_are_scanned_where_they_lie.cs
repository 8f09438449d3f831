using System.IO.Compression;
using System.Text;
using McpInfra.TestKit;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Host.Tests.Scanning;

/// <summary>Self-managed backends in the three object stores that `pulumi login` takes, laid out as Pulumi does.</summary>
public sealed class Pulumis_stacks_are_scanned_where_they_lie : IDisposable
{
    private const string Ciphertext = "v1:encrypted-canary:abc";

    private static readonly Dictionary<string, byte[]> Files = new()
    {
        ["team/.pulumi/meta.yaml"] = "version: 1\n"u8.ToArray(),
        ["team/.pulumi/stacks/shop/prod.json"] = Stack("orders"),
        ["team/.pulumi/stacks/shop/prod.json.bak"] = Stack("before"),
        ["team/.pulumi/stacks/shop/prod.json.attrs"] = "{}"u8.ToArray(),
        ["team/.pulumi/stacks/shop/dev.json.gz"] = Compressed(Stack("trial")),
        ["team/.pulumi/stacks/old.json"] = Stack("legacy"),
        ["team/.pulumi/history/shop/prod/prod-1.history.json"] = "{}"u8.ToArray(),
        ["team/.pulumi/locks/organization/shop/prod/1.json"] = "{}"u8.ToArray(),
        ["other/.pulumi/stacks/shop/prod.json"] = Stack("strangers"),
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pulumi-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task In_S3_of_a_real_moto()
    {
        await using var moto = await Moto.StartAsync(Stop);
        using var http = new HttpClient();
        (await http.PutAsync(new Uri(moto.Endpoint, "/states"), null, Stop)).EnsureSuccessStatusCode();
        foreach (var (path, bytes) in Files)
        {
            (await http.PutAsync(new Uri(moto.Endpoint, $"/states/{path}"), new ByteArrayContent(bytes), Stop)).EnsureSuccessStatusCode();
        }

        await ShowsAsync($$"""{ kind: s3, bucket: states, region: us-east-1, prefix: team, endpoint: "{{moto.Endpoint}}" }, credentials: { state: { aws: {} } }""", new() { ["AWS_ACCESS_KEY_ID"] = "test", ["AWS_SECRET_ACCESS_KEY"] = "test" });
    }

    [Fact]
    public async Task In_blobs_of_a_real_azurite()
    {
        await using var azurite = await Azurite.StartAsync(Stop);
        await azurite.PutAsync("states?restype=container", null, Stop);
        foreach (var (path, bytes) in Files)
        {
            await azurite.PutAsync($"states/{path}", bytes, Stop);
        }

        await ShowsAsync($$"""{ kind: azblob, storage_account_name: {{Azurite.Account}}, container_name: states, prefix: /team/, endpoint: "{{azurite.Endpoint}}", secret_env: THE_KEY }""", new() { ["THE_KEY"] = Azurite.Key });
    }

    [Fact]
    public async Task In_a_bucket_of_Google_page_by_page()
    {
        var asked = new List<string>();
        await using var storage = await LoopbackServer.StartAsync(context => GoogleAsync(context, asked));
        var (key, token) = (Path.Combine(folder.FullName, "pool.json"), Path.Combine(folder.FullName, "subject"));
        await File.WriteAllTextAsync(token, "subject-token", Stop);
        await File.WriteAllTextAsync(key, $$"""
            {"type":"external_account","audience":"//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x","subject_token_type":"urn:ietf:params:oauth:token-type:jwt",
             "token_url":"{{storage.Endpoint}}sts","credential_source":{"file":"{{token}}"} }
            """, Stop);
        await ShowsAsync($$"""{ kind: gs, bucket: states, prefix: team, endpoint: "{{storage.Endpoint}}" }, credentials: { state: { google: { workload_identity: "{{key}}" } } }""", []);
        Assert.Equal(3, asked.Count(path => path.Contains("prefix=", StringComparison.Ordinal)));
        Assert.All(asked.Where(path => !path.Contains("/sts", StringComparison.Ordinal)), path => Assert.StartsWith("GET ", path, StringComparison.Ordinal));
    }

    private static async Task ShowsAsync(string backend, Dictionary<string, string?> environment)
    {
        using var scanned = new Scanned($"sources: [ {{ name: pulumi, kind: pulumi-state, backend: {backend} }} ]", environment);
        await using var client = await scanned.ServeAsync();
        Assert.Equal("legacy orders trial", await Scanned.NamesAsync(client, new { managed = true }));
        var told = await client.CallAsync("describe_resource", new { resource = "orders" }, stop: Stop);
        Assert.Contains("urn:pulumi:prod::shop::aws:sqs/queue:Queue::orders", told.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Ciphertext, scanned.Written(), StringComparison.Ordinal);
    }

    private static Task GoogleAsync(HttpContext context, List<string> asked)
    {
        lock (asked)
        {
            asked.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        }

        const string Root = "/storage/v1/b/states/o";
        var path = context.Request.Path.Value!;
        if (path == "/sts")
        {
            return context.Response.WriteAsJsonAsync(new { access_token = "ya29-of-the-pool", issued_token_type = "urn:ietf:params:oauth:token-type:access_token", token_type = "Bearer", expires_in = 3600 });
        }

        if (path == Root)
        {
            var found = Files.Keys.Where(key => key.StartsWith(context.Request.Query["prefix"]!, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
            var page = int.TryParse(context.Request.Query["pageToken"], out var at) ? at : 0;
            return context.Response.WriteAsJsonAsync(new { items = found.Skip(2 * page).Take(2).Select(name => new { name, updated = "2026-01-01T00:00:00Z" }), nextPageToken = 2 * (page + 1) < found.Count ? $"{page + 1}" : null });
        }

        return context.Response.Body.WriteAsync(Files[Uri.UnescapeDataString(path[(Root.Length + 1)..])]).AsTask();
    }

    private static byte[] Stack(string queue) => Encoding.UTF8.GetBytes($$$"""
        {"version":3,"checkpoint":{"stack":"organization/shop/prod","latest":{"secrets_providers":{"type":"passphrase","state":{"salt":"v1:x"} },"resources":[
          {"urn":"urn:pulumi:prod::shop::aws:sqs/queue:Queue::{{{queue}}}","custom":true,"id":"https://sqs/{{{queue}}}","type":"aws:sqs/queue:Queue",
           "outputs":{"arn":"arn:aws:sqs:eu-west-1:1:{{{queue}}}","name":"{{{queue}}}","kmsMasterKeyId":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"{{{Ciphertext}}}"} } }]} } }
        """);

    private static byte[] Compressed(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }
}
