using System.Net;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using Xunit;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>The real AWS provider from a mirror, in the cage, against moto through the egress proxy.</summary>
public sealed class A_plan_of_a_cloud_stack
{
    [Fact]
    public async Task Reads_its_listed_endpoint_through_the_proxy_and_records_that()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var moto = await Moto.StartAsync(stop);
        using var http = new HttpClient { BaseAddress = moto.Endpoint };
        using var made = await http.PutAsync(new Uri("/existing", UriKind.Relative), null, stop);
        Assert.True(made.IsSuccessStatusCode);
        using var folder = new ScratchFolder();
        var endpoint = $"awsmoto:{moto.Endpoint.Port}";
        var code = The_cage_under_terraform.Aws($"http://{endpoint}", """
            data "aws_s3_bucket" "existing" {
              bucket = "existing"
            }
            resource "aws_sqs_queue" "queue" {
              name = data.aws_s3_bucket.existing.id
            }
            """);
        using var site = await Site.OpenAsync(new StackSettings(".", Environment: "prod", Egress: [endpoint]), new EngineSettings(CliConfig: folder.Mirror()), ("main.tf", code));
        site.Names["awsmoto"] = [IPAddress.Loopback];

        var answer = await site.PlanAsync();

        Assert.False(answer.IsFault, answer.Text());
        Assert.Contains("create aws_sqs_queue.queue", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("name: \"existing\"", answer.Text(), StringComparison.Ordinal);
        Assert.Contains($"{endpoint}: ", answer.Text(), StringComparison.Ordinal);
        var recorded = Assert.Single(site.Trail.Records, record => record.Entry.Operation == "plan egress").Entry.Arguments!.ToJsonString();
        Assert.Contains(endpoint, recorded, StringComparison.Ordinal);
        Assert.InRange(moto.Requests, 2, 1000);
        var asked = site.Trail.Records.Where(record => record.Entry.Operation == "plan request").Sum(record => record.Entry.Arguments!["requests"]!.AsArray().Count);
        Assert.True(asked >= site.Trail.Records.Where(record => record.Entry.Operation == "plan egress").Sum(record => record.Entry.Arguments!["endpoints"]!.AsArray().Sum(one => one!["requests"]!.GetValue<long>())), "something went out that was not written down before");
    }
}
