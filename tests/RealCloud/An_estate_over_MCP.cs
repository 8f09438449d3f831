using System.Text;
using System.Text.Json;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.S3;
using CliWrap;
using CliWrap.Buffered;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.RealCloud;

/// <summary>The main job's first half as a user has it: `mcp-infra scan`, then questions by a real MCP client over stdio.</summary>
[Collection(Estate.Name)]
public sealed class An_estate_over_MCP(Estate estate) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("served-").FullName;

    [Theory]
    [InlineData(RealClient.PerRequest)]
    [InlineData(RealClient.Initialize)]
    public async Task Is_found_whole_each_resource_with_its_address_file_and_line(string era)
    {
        await ScanAsync();
        await using var client = await ServeAsync(era);
        var found = (await SearchAsync(client, new { managed = true, limit = 100 })).ToDictionary(r => r.GetProperty("address").GetString()!);
        Assert.All(estate.Entries(), entry =>
        {
            var resource = found[entry.Address];
            Assert.Equal("prod", resource.GetProperty("environment").GetString());
            var line = File.ReadLines(Path.Combine(estate.Folder, resource.GetProperty("file").GetString()!)).ElementAt(resource.GetProperty("line").GetInt32() - 1);
            Assert.StartsWith($"resource \"{entry.Type}\" \"{entry.Name}\"", line);
        });
    }

    [Fact]
    public async Task Tells_what_breaks_when_a_key_goes()
    {
        await ScanAsync();
        await using var client = await ServeAsync();
        var impact = await TraceAsync(client, "aws_kms_key.data", "impact");
        Assert.Superset(new HashSet<string>(["payments-invoices", "payments-exports", "payments-charges", "payments-ledger"]), impact);
        var rests = await TraceAsync(client, "aws_instance.web[0]", "depends_on");
        Assert.Superset(new HashSet<string>(["private-0", "payments", "payments-web"]), rests);
    }

    [Fact]
    public async Task Shows_what_was_done_behind_terraforms_back_after_the_next_scan()
    {
        await ScanAsync();
        using var ec2 = estate.Behind(keys => new AmazonEC2Client(keys, new AmazonEC2Config { ServiceURL = estate.Endpoint.ToString(), AuthenticationRegion = "us-east-1" }));
        var vpc = estate.Entries().Single(e => e.Type == "aws_vpc").Id;
        var made = (await ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest("behind-the-back", "by hand") { VpcId = vpc }, TestContext.Current.CancellationToken)).GroupId;
        await using var suspended = await estate.SuspendAsync("payments-receipts");
        await ScanAsync();
        await using var client = await ServeAsync();
        var unmanaged = await SearchAsync(client, new { managed = false, type = "aws_security_group", text = "behind-the-back" });
        Assert.EndsWith(made, Assert.Single(unmanaged).GetProperty("id").GetString());
        Assert.Contains("Suspended", (await client.CallAsync("describe_resource", new { resource = "payments-receipts" })).Text);
    }

    [Fact]
    public async Task Gives_no_secret_away()
    {
        await ScanAsync();
        var heard = new StringBuilder();
        await using (var client = await ServeAsync(errors: line => heard.AppendLine(line)))
        {
            foreach (var entry in estate.Entries())
            {
                heard.AppendLine((await client.CallAsync("describe_resource", new { resource = entry.Address })).Text);
            }
        }

        Assert.Contains("API_PASSWORD", heard.ToString());
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Encoding.UTF8.GetString(File.ReadAllBytes(file)));
        Assert.All(files.Append(heard.ToString()), text => Assert.DoesNotContain(Estate.Secrets, secret => text.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Fails_its_scan_when_the_cloud_is_away_and_keeps_what_was_known()
    {
        await ScanAsync();
        await WriteConfigurationAsync(new Uri("http://127.0.0.1:9"));
        var run = await RunAsync("scan", "--source", "prod");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no connection to http://127.0.0.1:9", run.StandardOutput + run.StandardError);
        await using var client = await ServeAsync();
        Assert.NotEmpty(await SearchAsync(client, new { type = "AWS::EC2::Instance" }));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Dictionary<string, string?> Keys => new() { ["AWS_ACCESS_KEY_ID"] = "testing", ["AWS_SECRET_ACCESS_KEY"] = "testing" };

    private static async Task<List<JsonElement>> SearchAsync(RealClient client, object arguments)
    {
        var found = new List<JsonElement>();
        for (string? cursor = null; ;)
        {
            var asked = JsonSerializer.SerializeToNode(arguments)!.AsObject();
            asked["cursor"] = cursor;
            if (cursor is null)
            {
                asked.Remove("cursor");
            }

            var answer = await client.CallAsync("search_resources", asked, structured: true, stop: TestContext.Current.CancellationToken);
            Assert.False(answer.IsError, answer.Text);
            found.AddRange(answer.Structured!.Value.GetProperty("resources").EnumerateArray());
            cursor = answer.Structured.Value.TryGetProperty("cursor", out var next) ? next.GetString() : null;
            if (cursor is null)
            {
                return found;
            }
        }
    }

    private static async Task<HashSet<string>> TraceAsync(RealClient client, string resource, string direction)
    {
        var answer = await client.CallAsync("trace_resources", new { resource, direction }, structured: true, stop: TestContext.Current.CancellationToken);
        Assert.False(answer.IsError, answer.Text);
        return [.. answer.Structured!.Value.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("resource").GetProperty("name").GetString()!)];
    }

    private Task<RealClient> ServeAsync(string era = RealClient.PerRequest, Action<string>? errors = null) =>
        RealClient.OverStdioAsync(["serve", "--config", Configuration], folder, Keys, era, errors);

    private async Task ScanAsync()
    {
        await estate.ReadyAsync();
        await WriteConfigurationAsync(estate.Endpoint);
        var run = await RunAsync("scan");
        Assert.True(run.ExitCode == 0, run.StandardOutput + run.StandardError);
    }

    private string Configuration => Path.Combine(folder, "mcp-infra.yaml");

    private Task WriteConfigurationAsync(Uri endpoint) => File.WriteAllTextAsync(Configuration, $$"""
        organization: acme
        store: { sqlite: ./state }
        sources:
          - { name: prod, kind: aws, regions: [us-east-1], endpoint: "{{endpoint.GetLeftPart(UriPartial.Authority)}}" }
          - { name: state, kind: terraform-state, path: "{{estate.State}}", repository: infra, stack: . }
        repositories:
          - name: infra
            url: "{{estate.Folder}}"
            forge: { kind: local }
            stacks: [ { path: ., engine: terraform, environment: prod } ]
        """, TestContext.Current.CancellationToken);

    private async Task<BufferedCommandResult> RunAsync(string command, params string[] arguments) => await Cli.Wrap(RealClient.Executable)
        .WithArguments([command, .. arguments, "--config", Configuration])
        .WithWorkingDirectory(folder)
        .WithEnvironmentVariables(Keys)
        .WithValidation(CommandResultValidation.None)
        .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
}
