using System.Security.Cryptography;
using McpInfra.Guardrails.Credentials;
using McpInfra.TestKit;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Git;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

/// <summary>Google Cloud Storage by its public JSON API, on a server of our own that speaks it.</summary>
public sealed class A_state_in_google_cloud_storage
{
    private const string State = """{"version":4,"serial":7,"lineage":"l","terraform_version":"1.5.0","outputs":{},"resources":[]}""";

    private static string Code(string more = "") => Reading.Code($"  backend \"gcs\" {{\n    bucket = \"states\"\n    prefix = \"live/prod\"\n{more}  }}");

    private static StackSettings Bound(Uri endpoint, string workspace = "default", bool key = false) => new(".")
    {
        Workspace = workspace,
        Credentials = [new CloudCredential(CredentialIntent.ReadState, new GoogleIdentity(null, null), "infra/.")],
        Backend = new Dictionary<string, string> { ["endpoint"] = endpoint.ToString() }.Concat(key ? new Dictionary<string, string> { ["secret_env"] = "KEY" } : []).ToDictionary(),
    };

    [Theory]
    [InlineData("default", "live%2Fprod%2Fdefault")]
    [InlineData("blue", "live%2Fprod%2Fblue")]
    public async Task Is_read_of_every_workspace_by_gets_alone(string workspace, string name)
    {
        var asked = new List<string>();
        await using var storage = await StartAsync(asked);
        using var reading = new Reading(Code(), Bound(storage.Endpoint, workspace));
        reading.Credentials.Known["infra/.#google"] = new Credential("canary-bearer", null);

        var state = await reading.StateAsync();

        Assert.Equal((7L, true), (state.Serial, state.Locked!.Value));
        Assert.Equal([$"GET /storage/v1/b/states/o/{name}.tfstate?alt=media Bearer canary-bearer ", $"GET /storage/v1/b/states/o/{name}.tflock?alt=media Bearer canary-bearer "], asked);
    }

    [Fact]
    public async Task Is_asked_for_with_the_operators_key_when_it_is_encrypted_by_one()
    {
        var (asked, key) = (new List<string>(), RandomNumberGenerator.GetBytes(32));
        await using var storage = await StartAsync(asked);
        using var reading = new Reading(Code(), Bound(storage.Endpoint, key: true));
        reading.Credentials.Known["infra/.#google"] = new Credential("b", null);
        reading.Secret(Convert.ToBase64String(key));
        await reading.StateAsync();
        Assert.EndsWith($"AES256 {Convert.ToBase64String(key)} {Convert.ToBase64String(SHA256.HashData(key))}", asked[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_read_from_an_endpoint_that_only_code_names()
    {
        var asked = new List<string>();
        await using var attacker = await StartAsync(asked);
        var code = Code($"    storage_custom_endpoint = \"{attacker.Endpoint}\"\n");
        using var reading = new Reading(code, Bound(attacker.Endpoint) with { Backend = new Dictionary<string, string>(), Egress = [$"{attacker.Endpoint.Host}:{attacker.Endpoint.Port}"] });
        reading.Credentials.Known["infra/.#google"] = new Credential("canary-bearer", null);
        Assert.Contains("must not follow an address in code", await reading.FaultAsync(), StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    private static Task<LoopbackServer> StartAsync(List<string> asked) => LoopbackServer.StartAsync(context =>
    {
        var path = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var headers = context.Request.Headers;
        asked.Add($"{context.Request.Method} {path} {headers.Authorization} {string.Join(' ', new[] { "algorithm", "key", "key-sha256" }.Select(name => headers[$"x-goog-encryption-{name}"].ToString()).Where(text => text.Length > 0))}");
        return context.Response.WriteAsync(State);
    });
}
