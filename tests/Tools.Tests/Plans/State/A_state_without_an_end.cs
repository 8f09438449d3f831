using McpInfra.Guardrails.Credentials;
using McpInfra.TestKit;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.State;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

/// <summary>A state is one object that is read by its name, so no backend has pages; a body that goes on for ever ends with the limit.</summary>
public sealed class A_state_without_an_end
{
    [Theory]
    [InlineData("http")]
    [InlineData("azurerm")]
    [InlineData("gcs")]
    [InlineData("s3")]
    [InlineData("cloud")]
    public async Task Is_given_up_at_the_limit(string backend)
    {
        var left = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (Told(context.Request) is { } told)
            {
                await context.Response.WriteAsync(told);
                return;
            }

            var piece = new byte[64 << 10];
            Array.Fill(piece, (byte)' ');
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(piece, CancellationToken.None);
            }

            left.SetResult();
        });
        using var reading = Of(backend, server.Endpoint, new() { Bytes = 1 << 20 });
        Assert.Contains("larger than 1 MB", await reading.FaultAsync(), StringComparison.Ordinal);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("azurerm")]
    [InlineData("gcs")]
    [InlineData("cloud")]
    public async Task Nor_a_beginning_is_given_up_at_the_deadline(string backend)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
            Told(context.Request) is { } told ? context.Response.WriteAsync(told) : Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var reading = Of(backend, server.Endpoint, new() { Silence = TimeSpan.FromMilliseconds(300) });
        Assert.Contains("does not answer", await reading.FaultAsync(), StringComparison.Ordinal);
    }

    // What HCP Terraform says before it names the state's address.
    private static string? Told(HttpRequest request) => request.Path.Value switch
    {
        "/api/v2/organizations/acme/workspaces/prod" => """{"data":{"id":"ws-1","attributes":{"locked":false}}}""",
        "/api/v2/workspaces/ws-1/current-state-version" => $$$"""{"data":{"attributes":{"hosted-state-download-url":"http://{{{request.Host}}}/state/1"} } }""",
        _ => null,
    };

    private static Reading Of(string backend, Uri endpoint, StateLimits limits)
    {
        var (code, settings, credential, secret) = backend switch
        {
            "http" => ($"  backend \"http\" {{\n    address = \"{endpoint}\"\n  }}", Bound(endpoint, null, ("address", $"{endpoint}")), null, null),
            "azurerm" => ("  backend \"azurerm\" {\n    container_name = \"states\"\n    key = \"prod.tfstate\"\n  }", Bound(endpoint, new AzureIdentity(AzureCloud.Public, null, null), ("storage_account_name", Azurite.Account), ("endpoint", $"{endpoint}")), "azure", null),
            "gcs" => ("  backend \"gcs\" {\n    bucket = \"states\"\n  }", Bound(endpoint, new GoogleIdentity(null, null), ("endpoint", $"{endpoint}")), "google", null),
            "s3" => ("  backend \"s3\" {\n    bucket = \"states\"\n    key = \"prod.tfstate\"\n    region = \"eu-central-1\"\n    use_path_style = true\n    endpoints = { s3 = \"" + endpoint + "\" }\n  }", Bound(endpoint, new AwsIdentity(null, null, "eu-central-1")), "aws", null),
            _ => ("  cloud {\n    organization = \"acme\"\n    workspaces {\n      name = \"prod\"\n    }\n  }", Bound(endpoint, null, ("hostname", $"{endpoint}"), ("secret_env", "TFE_TOKEN")), (string?)null, "token"),
        };
        var reading = new Reading(Reading.Code(code), settings) { Limits = limits };
        if (credential is not null)
        {
            reading.Credentials.Known[$"infra/.#{credential}"] = credential == "aws" ? Credential.OfAws("AKIAIOSFODNN7EXAMPLE", "secret", null, null) : new Credential("bearer", null);
        }

        if (secret is not null)
        {
            reading.Secret(secret);
        }

        return reading;
    }

    private static StackSettings Bound(Uri endpoint, CloudIdentity? identity, params (string Name, string Value)[] backend) => new(".")
    {
        Credentials = identity is null ? [] : [new CloudCredential(CredentialIntent.ReadState, identity, "infra/.") { Endpoints = [$"{endpoint.Host}:{endpoint.Port}"] }],
        Backend = backend.ToDictionary(one => one.Name, one => one.Value),
    };
}
