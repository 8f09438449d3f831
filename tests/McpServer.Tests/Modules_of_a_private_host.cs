using System.IO.Compression;
using System.Text;
using CliWrap;
using McpInfra.Host.Tests.Commands;
using McpInfra.TestKit;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Host.Tests;

/// <summary>`engines.terraform.hosts`, from the configuration of a served process to the hosts that it asks.</summary>
public sealed class Modules_of_a_private_host : IDisposable
{
    private const string Token = "canary-7c1e55d0a943";
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task Are_fetched_with_a_token_that_their_host_alone_sees_and_that_no_plan_answer_record_or_log_holds()
    {
        Skip.UnlessFound("terraform");
        Skip.UnlessFound("bwrap");
        var stop = TestContext.Current.CancellationToken;
        var (asked, led) = (new List<string>(), new List<string>());
        await using var store = await TlsServer.StartAsync(context => AnswerAsync(context, led, null), "localhost");
        await using var host = await TlsServer.StartAsync(context => AnswerAsync(context, asked, $"https://localhost:{store.Port}/x/mod.zip"), "localhost");
        run.Write("infra/main.tf", $"module \"m\" {{\n  source = \"https://localhost:{host.Port}/mod.zip\"\n}}\n");
        foreach (var arguments in new string[][] { ["init", "--quiet", "--initial-branch=main"], ["add", "main.tf"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "one"] })
        {
            await Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(Path.Combine(run.Work, "infra")).ExecuteAsync(stop);
        }

        var settings = run.Write("mcp-infra.yaml", $$"""
            organization: acme
            store: { sqlite: ./state }
            repositories:
              - { name: infra, url: ./infra, forge: { kind: local }, stacks: [ { path: ., environment: dev } ] }
            engines:
              terraform:
                allow: { modules: ["https://localhost:{{host.Port}}/*", "https://localhost:{{store.Port}}/x/*"] }
                hosts: [ { host: "localhost:{{host.Port}}", token_env: ACME_MODULES_TOKEN } ]
            """);
        var authorities = run.Write("authorities.pem", host.Authorities[0].ExportCertificatePem() + "\n" + store.Authorities[0].ExportCertificatePem());
        var log = new StringBuilder();
        var environment = new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = run.Home, ["SSL_CERT_FILE"] = authorities, ["ACME_MODULES_TOKEN"] = Token, ["HTTPS_PROXY"] = null, ["https_proxy"] = null, ["ALL_PROXY"] = null };
        await using (var client = await RealClient.OverStdioAsync(["serve", "--config", settings], run.Work, environment, errors: line => log.AppendLine(line)))
        {
            var planned = await client.CallAsync("plan_change", new { repository = "infra", stack = "." }, stop: stop);
            Assert.False(planned.IsError, planned.Text);
            Assert.Contains("module.m.terraform_data.packed", planned.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(Token, planned.Text, StringComparison.Ordinal);
        }

        Assert.NotEmpty(asked);
        Assert.All(asked, login => Assert.Equal("Bearer " + Token, login));
        Assert.NotEmpty(led);
        Assert.All(led, login => Assert.Equal("", login));
        Assert.DoesNotContain(Token, log.ToString(), StringComparison.Ordinal);
        var written = Directory.EnumerateFiles(run.Folder, "*", SearchOption.AllDirectories).ToList();
        Assert.DoesNotContain(written, file => File.ReadAllText(file).Contains(Token, StringComparison.Ordinal));
        Assert.Contains(written.Where(file => file.EndsWith(".jsonl", StringComparison.Ordinal)), file => File.ReadAllText(file).Contains("\"intent\":\"ReadModules\"", StringComparison.Ordinal));

        environment["ACME_MODULES_TOKEN"] = null;
        await using var without = await RealClient.OverStdioAsync(["serve", "--config", settings], run.Work, environment);
        var refused = await without.CallAsync("plan_change", new { repository = "infra", stack = ".", edits = new[] { new { path = "more.tf", content = "# more\n" } } }, stop: stop);
        Assert.True(refused.IsError);
        Assert.Contains("`token_env` of a host in `engines.terraform.hosts`", refused.Text, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(HttpContext context, List<string> logins, string? leadsTo)
    {
        lock (logins)
        {
            logins.Add(context.Request.Headers.Authorization.ToString());
        }

        if (leadsTo is not null)
        {
            context.Response.Redirect(leadsTo);
            return;
        }

        await context.Response.Body.WriteAsync(Module(), context.RequestAborted);
    }

    private static byte[] Module()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("main.tf").Open();
            entry.Write("resource \"terraform_data\" \"packed\" {\n  input = 1\n}\n"u8);
        }

        return stream.ToArray();
    }
}
