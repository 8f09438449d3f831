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

    /// <summary>Prints a row; 0. Cold: each round has a new server with a new state folder, and plain terraform no `.terraform`. Warm: both keep what they have.</summary>
    public static async Task<int> RunAsync(bool cold, TextWriter output, CancellationToken stop)
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
            var (ofPlain, ofInfra) = (new List<double>(), new List<double>());
            var client = await ServeAsync(config);
            try
            {
                if (!cold)
                {
                    await PlanAsync(client, Rounds, stop);
                }

                for (var round = 0; round < Rounds; round++)
                {
                    if (cold)
                    {
                        Directory.Delete(Path.Combine(plain, ".terraform"), recursive: true);
                        await client.DisposeAsync();
                        client = await ServeAsync(config);
                    }

                    ofPlain.Add(await TimeAsync(() => PlanAsync(terraform, stop)));
                    ofInfra.Add(await TimeAsync(() => PlanAsync(client, round, stop)));
                }
            }
            finally
            {
                await client.DisposeAsync();
            }

            await output.WriteLineAsync("| | plain init + plan | plan_change | ratio of the medians |\n|---|---|---|---|");
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {(cold ? "cold" : "warm")} | {Shown(ofPlain)} | {Shown(ofInfra)} | {Median(ofInfra) / Median(ofPlain):0.00} |"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Shown(IEnumerable<double> seconds) => string.Join(", ", seconds.Select(one => one.ToString("0.00", CultureInfo.InvariantCulture))) + " s";

    private static double Median(IReadOnlyList<double> seconds) => seconds.Order().ElementAt(seconds.Count / 2);

    // With a new state folder.
    private static Task<RealClient> ServeAsync(string config) =>
        RealClient.OverStdioAsync(["serve", "--config", config], Path.GetDirectoryName(config)!, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = Path.Combine(Path.GetDirectoryName(config)!, Guid.NewGuid().ToString("N")) });

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
