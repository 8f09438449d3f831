using System.Text.Json;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

/// <summary>HCP Terraform by its public API, on a server of our own that speaks it.</summary>
public sealed class A_state_in_hcp_terraform
{
    private static string Cloud(string workspaces, string host = "") => Reading.Code($"  cloud {{\n    organization = \"acme\"\n{host}    workspaces {{\n      {workspaces}\n    }}\n  }}");

    private static StackSettings Bound(Uri host, string workspace = "default") =>
        new(".") { Workspace = workspace, Backend = new Dictionary<string, string> { ["hostname"] = host.ToString(), ["secret_env"] = "TFE_TOKEN" } };

    [Theory]
    [InlineData("cloud", "name = \"prod\"", "default")]
    [InlineData("cloud", "tags = [\"app\"]", "prod")]
    [InlineData("remote", "prefix = \"pr\"", "od")]
    [InlineData("remote", "name = \"prod\"", "default")]
    public async Task Is_read_of_the_workspace_that_code_and_operator_name_by_gets_alone(string kind, string workspaces, string workspace)
    {
        await using var hcp = await Hcp.StartAsync();
        var code = kind == "cloud" ? Cloud(workspaces) : Cloud(workspaces).Replace("  cloud {", "  backend \"remote\" {", StringComparison.Ordinal);
        using var reading = new Reading(code, Bound(hcp.Address, workspace));
        reading.Secret("canary-token");

        var state = await reading.StateAsync();

        Assert.Equal(7, state.Serial);
        Assert.True(state.Locked);
        Assert.Equal(
            [
                "GET /api/v2/organizations/acme/workspaces/prod Bearer canary-token",
                "GET /api/v2/workspaces/ws-1/current-state-version Bearer canary-token",
                "GET /state/1 Bearer canary-token",
            ],
            hcp.Requests);
    }

    [Fact]
    public async Task Keeps_its_token_from_another_host_that_the_download_names()
    {
        await using var archive = await Hcp.StartAsync();
        await using var hcp = await Hcp.StartAsync();
        hcp.Download = new Uri(archive.Address, "/state/1");
        using var reading = new Reading(Cloud("name = \"prod\""), Bound(hcp.Address));
        reading.Secret("canary-token");
        Assert.Contains("no address from which", await reading.FaultAsync(), StringComparison.Ordinal); // Another host only over TLS.
        Assert.Empty(archive.Requests);
    }

    [Fact]
    public async Task Is_not_read_from_a_host_that_only_code_names()
    {
        await using var attacker = await Hcp.StartAsync();
        var host = $"    hostname = \"{attacker.Address.Authority}\"\n";
        using var unbound = new Reading(Cloud("name = \"prod\"", host), new StackSettings(".") { Backend = new Dictionary<string, string> { ["secret_env"] = "TFE_TOKEN" } });
        Assert.Contains("Add `hostname`", await unbound.FaultAsync(), StringComparison.Ordinal);
        using var other = new Reading(Cloud("name = \"prod\"", host), new StackSettings(".") { Backend = new Dictionary<string, string> { ["secret_env"] = "TFE_TOKEN", ["hostname"] = "app.terraform.io" } });
        Assert.Contains("is not the one", await other.FaultAsync(), StringComparison.Ordinal);
        Assert.Empty(attacker.Requests);
    }

    [Theory]
    [InlineData("name = \"gone\"", "default", "does not know")]
    [InlineData("name = \"empty\"", "default", null)]
    [InlineData("name = \"odd\"", "default", "form that is not known")]
    [InlineData("name = \"../../x\"", "default", "no state can lie at")]
    [InlineData("tags = [\"app\"]", "default", "Name the one to plan")]
    public async Task Says_what_is_missing(string workspaces, string workspace, string? said)
    {
        await using var hcp = await Hcp.StartAsync();
        using var reading = new Reading(Cloud(workspaces), Bound(hcp.Address, workspace));
        reading.Secret("t");
        if (said is null)
        {
            Assert.Null((await reading.StateAsync()).Bytes);
        }
        else
        {
            Assert.Contains(said, await reading.FaultAsync(), StringComparison.Ordinal);
        }
    }

    private sealed class Hcp : IAsyncDisposable
    {
        private LoopbackServer server = null!;

        public Uri Address => server.Endpoint;

        public Uri? Download { get; set; }

        public List<string> Requests { get; } = [];

        public static async Task<Hcp> StartAsync()
        {
            var hcp = new Hcp();
            hcp.server = await LoopbackServer.StartAsync(hcp.AnswerAsync);
            return hcp;
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            Requests.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization}");
            var path = context.Request.Path.Value!;
            object? body = path switch
            {
                "/api/v2/organizations/acme/workspaces/prod" => new { data = new { id = "ws-1", attributes = new { locked = true } } },
                "/api/v2/organizations/acme/workspaces/empty" => new { data = new { id = "ws-2", attributes = new { locked = false } } },
                "/api/v2/organizations/acme/workspaces/odd" => new { data = new { id = "ws-3" } },
                "/api/v2/workspaces/ws-1/current-state-version" => new
                {
                    data = new { attributes = new Dictionary<string, string> { ["hosted-state-download-url"] = (Download ?? new Uri(Address, "/state/1")).ToString() } },
                },
                "/state/1" => new { version = 4, serial = 7, lineage = "l", terraform_version = "1.5.0", outputs = new { }, resources = Array.Empty<string>() },
                _ => null,
            };
            context.Response.StatusCode = body is null ? 404 : 200;
            await context.Response.WriteAsync(JsonSerializer.Serialize(body));
        }
    }
}
