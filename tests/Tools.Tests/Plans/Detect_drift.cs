using System.Net;
using System.Text;
using McpInfra.Guardrails;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Proposals;
using McpInfra.Tools.Proposals.Forges;
using Xunit;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>detect_drift with the real terraform: what was changed behind the code.</summary>
public sealed class Detect_drift
{
    private const string Secret = "tok-5f2c8e1ab97d4402";

    private const string Groups = """
        resource "aws_cloudwatch_log_group" "jobs" {
          name              = "jobs"
          retention_in_days = 30
          tags              = { team = "records", api_token = "tok-5f2c8e1ab97d4402" }
        }
        resource "aws_cloudwatch_log_group" "gone" {
          name = "gone"
        }
        resource "aws_cloudwatch_log_group" "same" {
          name = "same"
        }
        """;

    [Fact]
    public async Task Says_attribute_by_attribute_what_the_cloud_has_that_the_state_does_not()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var moto = await Moto.StartAsync(stop);
        using var folder = new ScratchFolder();
        var outside = Terraform.In(folder.Path);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "main.tf"), Code(moto.Endpoint.ToString().TrimEnd('/')), stop);
        await outside.ApplyAsync(stop);
        var state = await File.ReadAllTextAsync(Path.Combine(folder.Path, "terraform.tfstate"), stop);
        await BehindTheCodeAsync(moto, "PutRetentionPolicy", "{\"logGroupName\":\"jobs\",\"retentionInDays\":7}");
        await BehindTheCodeAsync(moto, "DeleteLogGroup", "{\"logGroupName\":\"gone\"}");

        var endpoint = $"awsmoto:{moto.Endpoint.Port}";
        using var site = await Site.OpenAsync(new StackSettings(".", Environment: "prod", Egress: [endpoint]), new EngineSettings(CliConfig: folder.Mirror()), ("main.tf", Code($"http://{endpoint}")), ("terraform.tfstate", state));
        site.Names["awsmoto"] = [IPAddress.Loopback];
        var answer = await site.DriftAsync();

        Assert.False(answer.IsFault, answer.Text());
        Assert.Contains("1 changed, 1 gone, of 3 resources", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("gone aws_cloudwatch_log_group.gone", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("changed aws_cloudwatch_log_group.jobs (bucket-1); used by 2: job, function\n    retention_in_days: 30 → 7\n", answer.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, answer.Text() + answer.Structured!.ToJsonString(), StringComparison.Ordinal);
        var masked = answer.Structured!.DeepClone();
        masked["drift"] = "drift_…";
        foreach (var check in masked["checks"]!.AsArray())
        {
            check!["note"] = "…"; // Counts of requests vary.
        }

        Golden.Is("Plans/golden/drift.json", masked);
    }

    [Fact]
    public async Task Says_that_there_is_none()
    {
        using var site = await Site.OpenAsync(("main.tf", "resource \"terraform_data\" \"bucket\" {\n  input = \"plain\"\n}\n"), ("terraform.tfstate", Plan_change.State("bucket", "plain")));
        var answer = await site.DriftAsync();
        Assert.False(answer.IsFault, answer.Text());
        Assert.Contains("no drift, of 1 resources", answer.Text(), StringComparison.Ordinal);
        Assert.StartsWith("drift_", answer.Structured!["drift"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("compared", answer.Structured["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Looks_at_the_state_and_not_at_what_the_code_would_change()
    {
        using var site = await Site.OpenAsync(("main.tf", "resource \"terraform_data\" \"bucket\" {\n  input = \"other\"\n}\n"), ("terraform.tfstate", Plan_change.State("bucket", "plain")));
        Assert.Contains("no drift", (await site.DriftAsync()).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_state_there_is_nothing_to_compare()
    {
        using var site = await Site.OpenAsync(("main.tf", "resource \"terraform_data\" \"bucket\" {}\n"));
        var answer = await site.DriftAsync();
        Assert.True(answer.IsFault);
        Assert.Contains("has no state", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_no_plan_that_could_be_proposed()
    {
        using var site = await Site.OpenAsync(("main.tf", "resource \"terraform_data\" \"bucket\" {}\n"), ("terraform.tfstate", Plan_change.State("bucket", "plain")));
        var drift = (await site.DriftAsync()).Structured!["drift"]!.GetValue<string>();
        Assert.Null(site.Store.Find(drift, Calls.Caller()));
        var propose = new ProposeChange(site.Store, site.Repositories, null!);
        var refused = await propose.TargetsAsync(new(drift, "t", "r"), Calls.Caller(), TestContext.Current.CancellationToken);
        Assert.Contains("a drift report is no plan", refused.Rule!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_report_comes_in_pages_that_together_are_everything()
    {
        using var site = Site.With(null!, ("main.tf", ""));
        var changes = Enumerable.Range(0, 200).Select(number => new ChangeRead($"aws_sqs_queue.q{number}", "aws_sqs_queue", "update", [new("delay_seconds", "0", "5"), new("tags.note", null, new string('x', 100))], 0)).ToList();
        var report = Report(changes);
        site.Drifts.Keep(new("call_1", Calls.Caller(), site.Repositories.Find("infra")!, site.Stack, [], null) { Kind = PlanKind.Drift }, report);
        var (seen, pages) = (new List<string>(), 0);
        for (var cursor = Tools.Cursor.Of(1, report.Id); cursor is not null; pages++)
        {
            var answer = await site.AskDriftAsync(cursor);
            Assert.InRange(Encoding.UTF8.GetByteCount(answer.Text()), 1, 7000);
            Assert.InRange(answer.Structured!.ToJsonString().Length, 1, 64 * 1024);
            seen.AddRange(answer.Structured["resources"]!.AsArray().SelectMany(resource => resource!["attributes"]!.AsArray().Select(attribute => $"{resource["address"]} {attribute!["name"]}")));
            cursor = answer.Structured["cursor"]?.GetValue<string>();
        }

        Assert.Equal(changes.SelectMany(change => change.Lines.Select(line => $"{change.Address} {line.Name}")), seen);
        Assert.InRange(pages, 2, 20);
    }

    [Fact]
    public async Task A_page_is_for_the_owner_of_its_report_alone()
    {
        using var site = await Site.OpenAsync(("main.tf", "resource \"terraform_data\" \"bucket\" {}\n"), ("terraform.tfstate", Plan_change.State("bucket", "plain")));
        var id = (await site.DriftAsync()).Structured!["drift"]!.GetValue<string>();
        var cursor = Tools.Cursor.Of(1, id);
        Assert.False((await site.AskDriftAsync(cursor)).IsFault);
        foreach (var other in new[] { Calls.Caller(session: "session-2"), Calls.Caller(agent: "planner"), Calls.Caller(organization: "other"), Calls.Caller() with { Person = "sam" } })
        {
            Assert.True((await site.AskDriftAsync(cursor, other)).IsFault);
        }
    }

    private static DriftReport Report(IReadOnlyList<ChangeRead> changes) => new()
    {
        Id = "drift_x", Serial = 1, Impact = new Dictionary<string, AddressImpact>(), Checks = [new("code", true, "read")], Time = TimeProvider.System.GetUtcNow(),
        NotCompared = [],
        Contents = new(changes, [], [], changes.Count, changes.Count, 0, true, "1.11.4", "", ""),
    };

    private static string Code(string endpoint) => $$"""
        provider "aws" {
          region                      = "us-east-1"
          access_key                  = "test"
          secret_key                  = "test"
          skip_credentials_validation = true
          skip_requesting_account_id  = true
          skip_metadata_api_check     = true
          endpoints {
            logs = "{{endpoint}}"
          }
        }
        {{Groups}}
        """;

    private static async Task BehindTheCodeAsync(Moto moto, string action, string body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, moto.Endpoint) { Content = new StringContent(body, Encoding.UTF8, "application/x-amz-json-1.1") };
        request.Headers.Add("X-Amz-Target", $"Logs_20140328.{action}");
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=x");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
