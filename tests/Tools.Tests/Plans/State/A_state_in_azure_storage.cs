using McpInfra.Guardrails.Credentials;
using McpInfra.TestKit;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Git;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

/// <summary>The backend `azurerm` in a real azurite, laid out as terraform does.</summary>
public sealed class A_state_in_azure_storage
{
    private static readonly string Code = Reading.Code("  backend \"azurerm\" {\n    container_name = \"states\"\n    key = \"live/prod.tfstate\"\n  }");

    private static StackSettings Bound(Uri endpoint, string workspace = "default", bool key = true) => new(".")
    {
        Workspace = workspace,
        Credentials = key ? [] : [new CloudCredential(CredentialIntent.ReadState, new AzureIdentity(AzureCloud.Public, null, null), "infra/.")],
        Backend = new Dictionary<string, string> { ["storage_account_name"] = Azurite.Account, ["endpoint"] = endpoint.ToString() }.Concat(key ? new Dictionary<string, string> { ["secret_env"] = "KEY" } : []).ToDictionary(),
    };

    private static byte[] State(int serial) => System.Text.Encoding.UTF8.GetBytes($$"""{"version":4,"serial":{{serial}},"lineage":"l","terraform_version":"1.5.0","outputs":{},"resources":[]}""");

    [Fact]
    public async Task Is_read_of_every_workspace_with_the_accounts_key_also_while_it_is_leased()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var azurite = await Azurite.StartAsync(stop);
        await azurite.PutAsync("states?restype=container", null, stop);
        await azurite.PutAsync("states/live/prod.tfstate", State(1), stop);
        await azurite.PutAsync("states/live/prod.tfstateenv%3Ablue", State(2), stop);
        await azurite.PutAsync("states/live/prod.tfstateenv%3Ablue?comp=lease", null, stop, lease: "acquire");

        foreach (var (workspace, serial, locked) in new[] { ("default", 1, false), ("blue", 2, true) })
        {
            using var reading = new Reading(Code, Bound(azurite.Endpoint, workspace));
            reading.Secret(Azurite.Key);
            var state = await reading.StateAsync();
            Assert.Equal((serial, locked), ((int)state.Serial, state.Locked!.Value));
        }

        using var absent = new Reading(Code, Bound(azurite.Endpoint, "green"));
        absent.Secret(Azurite.Key);
        Assert.Null((await absent.StateAsync()).Bytes);

        using var elsewhere = new Reading(Code.Replace("\"states\"", "\"other\"", StringComparison.Ordinal), Bound(azurite.Endpoint));
        elsewhere.Secret(Azurite.Key);
        Assert.Contains("no container of the name", await elsewhere.FaultAsync(), StringComparison.Ordinal);

        using var wrong = new Reading(Code, Bound(azurite.Endpoint));
        wrong.Secret(Convert.ToBase64String(new byte[64]));
        Assert.Contains("may not read", await wrong.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_read_with_the_stacks_bearer_by_a_get_alone()
    {
        var asked = new List<string>();
        await using var storage = await LoopbackServer.StartAsync(context =>
        {
            asked.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization}");
            return context.Response.Body.WriteAsync(State(3)).AsTask();
        });
        using var reading = new Reading(Code, Bound(storage.Endpoint, key: false));
        reading.Credentials.Known["infra/.#azure"] = new Credential("canary-bearer", null);
        Assert.Equal(3, (await reading.StateAsync()).Serial);
        Assert.Equal(["GET /states/live/prod.tfstate Bearer canary-bearer"], asked);
    }

    [Theory]
    [InlineData("evil.example/")]
    [InlineData("UPPER")]
    [InlineData("a.b")]
    public async Task An_account_that_would_lead_to_another_host_is_refused_before_a_credential_is_asked_for(string account)
    {
        using var reading = new Reading(Reading.Code($"  backend \"azurerm\" {{\n    storage_account_name = \"{account}\"\n    container_name = \"states\"\n    key = \"k\"\n  }}"), Bound(new Uri("http://h"), key: false) with { Backend = new Dictionary<string, string>() });
        Assert.Contains("no state can lie at", await reading.FaultAsync(), StringComparison.Ordinal);
        Assert.Empty(reading.Credentials.Asked);
    }
}
