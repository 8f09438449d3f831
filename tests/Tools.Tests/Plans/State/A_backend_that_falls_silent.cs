using McpInfra.Guardrails.Credentials;
using McpInfra.TestKit;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Git;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

/// <summary>Every kind of backend that is read over HTTP, on a server that takes a request and says nothing, or half of an answer.</summary>
public sealed class A_backend_that_falls_silent
{
    private static readonly Dictionary<string, (string Code, Dictionary<string, string> Backend, CloudIdentity? Credential)> Kinds = new()
    {
        ["http"] = ("  backend \"http\" {\n    address = \"ADDRESS\"\n  }", new() { ["address"] = "ADDRESS" }, null),
        ["azurerm"] = ("  backend \"azurerm\" {\n    container_name = \"states\"\n    key = \"prod.tfstate\"\n  }", new() { ["storage_account_name"] = "states", ["endpoint"] = "ADDRESS" }, new AzureIdentity(AzureCloud.Public, null, null)),
        ["gcs"] = ("  backend \"gcs\" {\n    bucket = \"states\"\n  }", new() { ["endpoint"] = "ADDRESS" }, new GoogleIdentity(null, null)),
        ["cloud"] = ("  cloud {\n    organization = \"acme\"\n    workspaces {\n      name = \"prod\"\n    }\n  }", new() { ["hostname"] = "ADDRESS", ["secret_env"] = "TFE_TOKEN" }, null),
    };

    /// <summary>Each kind, without a byte and in the middle.</summary>
    public static TheoryData<string, string> Silences => new(from kind in Kinds.Keys from half in new[] { "", "{\"version\":4," } select (kind, half));

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task Is_given_up_and_says_so(string kind, string half)
    {
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            asked++;
            if (half.Length > 0)
            {
                await context.Response.WriteAsync(half);
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var (code, backend, credential) = Kinds[kind];
        using var reading = new Reading(Reading.Code(code.Replace("ADDRESS", server.Endpoint.ToString(), StringComparison.Ordinal)), new StackSettings(".")
        {
            Backend = backend.ToDictionary(pair => pair.Key, pair => pair.Value.Replace("ADDRESS", server.Endpoint.ToString(), StringComparison.Ordinal)),
            Credentials = credential is null ? [] : [new CloudCredential(CredentialIntent.ReadState, credential, "infra/.")],
        })
        {
            Limits = new() { Silence = TimeSpan.FromMilliseconds(200) },
        };
        reading.Secret("a-secret");
        reading.Credentials.Known["infra/.#azure"] = reading.Credentials.Known["infra/.#google"] = new Credential("canary-bearer", null);

        var fault = await reading.FaultAsync();

        Assert.Contains("does not answer, or not to the end", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", fault, StringComparison.Ordinal);
        Assert.Equal(1, asked); // Silence is not asked again.
    }
}
