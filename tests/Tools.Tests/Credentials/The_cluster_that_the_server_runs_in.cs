using System.Collections.Concurrent;
using System.Globalization;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Kubernetes;
using McpInfra.Guardrails.Credentials;
using McpInfra.TestKit;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Credentials.Kubernetes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace McpInfra.Tools.Tests.Credentials;

/// <summary>A pod: its service account mounted, its API behind TLS at the address that the environment names.</summary>
public sealed class The_cluster_that_the_server_runs_in : IAsyncLifetime
{
    private readonly string mounted = Directory.CreateTempSubdirectory("service-account-").FullName;
    private readonly ConcurrentQueue<string> asked = [];
    private TlsServer api = null!;

    public async ValueTask InitializeAsync()
    {
        api = await TlsServer.StartAsync(AnswerAsync, "127.0.0.1");
        Environment.SetEnvironmentVariable("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        Environment.SetEnvironmentVariable("KUBERNETES_SERVICE_PORT", api.Port.ToString(CultureInfo.InvariantCulture));
        Mount("first-token", api);
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("KUBERNETES_SERVICE_HOST", null);
        Environment.SetEnvironmentVariable("KUBERNETES_SERVICE_PORT", null);
        await api.DisposeAsync();
        Directory.Delete(mounted, recursive: true);
    }

    [Fact]
    public async Task Is_read_with_the_mounted_service_account()
    {
        var seen = await ScanAsync();
        Assert.Equal(["inside", "shop"], seen.OfType<Observation.Seen>().Select(one => one.Resource.Name).Order());
        Assert.Empty(seen.OfType<Observation.Failed>());
        Assert.All(asked, request => Assert.EndsWith(" Bearer first-token", request, StringComparison.Ordinal));
        Assert.Contains("GET /api/v1/namespaces Bearer first-token", asked);
    }

    [Fact]
    public async Task Is_read_with_the_token_that_the_kubelet_put_in_the_place_of_the_last()
    {
        await ScanAsync();
        asked.Clear();
        Mount("second-token", api);
        await ScanAsync();
        Assert.All(asked, request => Assert.EndsWith(" Bearer second-token", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_sent_no_token_when_another_authority_vouches_for_it()
    {
        await using var other = await TlsServer.StartAsync(AnswerAsync, "127.0.0.1");
        Mount("first-token", other);
        Assert.Contains("could not be reached", (await Assert.ThrowsAsync<SourceException>(ScanAsync)).Message, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [Fact]
    public async Task Is_sent_no_token_under_another_name()
    {
        Environment.SetEnvironmentVariable("KUBERNETES_SERVICE_HOST", "localhost");
        Assert.Contains("could not be reached", (await Assert.ThrowsAsync<SourceException>(ScanAsync)).Message, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [Theory]
    [InlineData("token", "No service account is mounted here")]
    [InlineData("ca.crt", "No service account is mounted here")]
    [InlineData("", "does not run in a cluster")]
    public async Task Says_what_is_missing(string file, string said)
    {
        if (file.Length > 0)
        {
            File.Delete(Path.Combine(mounted, file));
        }
        else
        {
            Environment.SetEnvironmentVariable("KUBERNETES_SERVICE_HOST", null);
        }

        Assert.Contains(said, (await Assert.ThrowsAsync<SourceException>(ScanAsync)).Message, StringComparison.Ordinal);
    }

    private void Mount(string token, TlsServer server)
    {
        File.WriteAllText(Path.Combine(mounted, "ca.crt"), server.Authorities[0].ExportCertificatePem());
        File.WriteAllText(Path.Combine(mounted, "token"), token + "\n");
    }

    private async Task<List<Observation>> ScanAsync()
    {
        var collector = new KubernetesCollector(new Issued(new KubernetesIssuer { Mounted = mounted }), TimeProvider.System, new CollectorLimits { RetriesWithoutAnswer = 0 }) { Mounted = mounted };
        return await collector.CollectAsync(new SourceSettings("inside", "kubernetes") { Accounts = [new("")] }, TestContext.Current.CancellationToken).ToListAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        asked.Enqueue($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization}");
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(context.Request.Path.Value switch
        {
            "/apis" => """{"kind":"APIGroupList","groups":[]}""",
            "/api/v1" => """{"kind":"APIResourceList","resources":[{"name":"namespaces","kind":"Namespace","verbs":["get","list"]}]}""",
            _ => """{"kind":"NamespaceList","metadata":{},"items":[{"metadata":{"name":"shop","uid":"u-ns"}}]}""",
        });
    }

    /// <summary>What the issuer of the running server hands out.</summary>
    private sealed class Issued(KubernetesIssuer issuer) : ISourceSecrets
    {
        public async ValueTask<SourceSecret> OfAsync(SourceSettings source, AccountSettings account, CancellationToken stop)
        {
            try
            {
                return new SourceSecret((await issuer.IssueAsync(new CloudCredential(CredentialIntent.ScanSource, new KubernetesIdentity(null, null, []), "inside"), stop)).Reveal());
            }
            catch (CredentialException refused)
            {
                throw new SourceException(refused.Message);
            }
        }
    }
}
