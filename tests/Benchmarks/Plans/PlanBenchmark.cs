using System.Diagnostics;
using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using McpInfra.TestKit;

namespace McpInfra.Benchmarks.Plans;

/// <summary>`plan_change` of a real client against plain `terraform init` and `terraform plan` of the same stack on the same emulated cloud, in turns.</summary>
internal static class PlanBenchmark
{
    private const int Rounds = 3;

    /// <summary>Prints a table; 0.</summary>
    public static async Task<int> RunAsync(TextWriter output, CancellationToken stop)
    {
        await using var moto = await Moto.StartAsync(stop);
        var folder = Directory.CreateTempSubdirectory("mcp-infra-benchmark-");
        try
        {
            var (plain, infra) = (folder.CreateSubdirectory("plain").FullName, folder.CreateSubdirectory("infra").FullName);
            await File.WriteAllTextAsync(Path.Combine(plain, "main.tf"), Code(moto.Endpoint.Port), stop);
            var terraform = Terraform.In(plain);
            await terraform.ApplyAsync(stop);
            await RegisterAsync(plain, infra, stop);
            var config = Path.Combine(folder.FullName, "mcp-infra.yaml");
            await File.WriteAllTextAsync(config, $$"""
                organization: acme
                repositories: [ { name: infra, url: "{{infra}}", stacks: [ { path: ., egress: ["awsmoto:{{moto.Endpoint.Port}}"] } ] } ]
                engines: { terraform: { cli_config: "{{terraform.CliConfig}}" } }
                """, stop);
            await using var client = await RealClient.OverStdioAsync(["serve", "--config", config], folder.FullName, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = Path.Combine(folder.FullName, "state") });

            Directory.Delete(Path.Combine(plain, ".terraform"), recursive: true);
            var (coldPlain, coldInfra) = (await TimeAsync(() => PlanAsync(terraform, stop)), await TimeAsync(() => PlanAsync(client, Rounds, stop)));
            var (warmPlain, warmInfra) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                warmPlain.Add(await TimeAsync(() => PlanAsync(terraform, stop)));
                warmInfra.Add(await TimeAsync(() => PlanAsync(client, round, stop)));
            }

            await output.WriteLineAsync("| | plans | plain init + plan | plan_change | ratio |\n|---|---|---|---|---|");
            await output.WriteLineAsync(Row("cold", 1, coldPlain, coldInfra));
            await output.WriteLineAsync(Row("warm, median", Rounds, warmPlain.Order().ElementAt(Rounds / 2), warmInfra.Order().ElementAt(Rounds / 2)));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Row(string name, int plans, double plain, double infra) =>
        string.Create(CultureInfo.InvariantCulture, $"| {name} | {plans} | {plain:0.00} s | {infra:0.00} s | {infra / plain:0.00} |");

    // The code and its lock file are committed, the state lies beside them as is usual.
    private static async Task RegisterAsync(string from, string to, CancellationToken stop)
    {
        foreach (var name in new[] { "main.tf", ".terraform.lock.hcl", "terraform.tfstate" })
        {
            File.Copy(Path.Combine(from, name), Path.Combine(to, name));
        }

        string[][] steps = [["init", "-q", "-b", "main"], ["add", "main.tf", ".terraform.lock.hcl"], ["-c", "user.name=b", "-c", "user.email=b@b", "commit", "-q", "-m", "stack"]];
        foreach (var step in steps)
        {
            await Cli.Wrap("git").WithArguments(step).WithWorkingDirectory(to).ExecuteBufferedAsync(stop);
        }
    }

    private static async Task PlanAsync(Terraform terraform, CancellationToken stop)
    {
        await terraform.RunAsync(["init", "-input=false", "-no-color"], stop);
        var said = await terraform.RunAsync(["plan", "-input=false", "-no-color", "-lock=false", "-out=plan"], stop);
        Require(said.Contains("No changes", StringComparison.Ordinal), said);
    }

    // A plan that is asked for again would be answered again.
    private static async Task PlanAsync(RealClient client, int round, CancellationToken stop)
    {
        var edits = new[] { new { path = "round.tf", content = $"# {round}\n" } };
        var answer = await client.CallAsync("plan_change", new { repository = "infra", stack = ".", edits }, stop: stop);
        Require(answer.Text.Contains("No resource would change", StringComparison.Ordinal), answer.Text);
    }

    private static void Require(bool condition, string said)
    {
        if (!condition)
        {
            throw new InvalidOperationException(said);
        }
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static string Code(int port) => $$"""
        provider "aws" {
          region                      = "us-east-1"
          access_key                  = "test"
          secret_key                  = "test"
          skip_credentials_validation = true
          skip_requesting_account_id  = true
          skip_metadata_api_check     = true
          endpoints {
            iam = "http://awsmoto:{{port}}"
            sns = "http://awsmoto:{{port}}"
          }
        }

        resource "aws_sns_topic" "topic" {
          count = 15
          name  = "topic-${count.index}"
        }

        resource "aws_iam_role" "role" {
          count              = 15
          name               = "role-${count.index}"
          assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
        }
        """;
}
