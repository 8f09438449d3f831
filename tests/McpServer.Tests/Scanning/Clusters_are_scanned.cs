using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Scanning;

public sealed class Clusters_are_scanned : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cluster-");
    private WireCloud cluster = null!;

    public async ValueTask InitializeAsync()
    {
        cluster = await WireCloud.StartAsync();
        cluster.On("GET", "/api/v1", """{"kind":"APIResourceList","resources":[{"name":"namespaces","kind":"Namespace","verbs":["list"]},{"name":"secrets","kind":"Secret","verbs":["list"]}]}""")
            .On("GET", "/apis", """{"kind":"APIGroupList","groups":[{"name":"apps","preferredVersion":{"groupVersion":"apps/v1"}}]}""")
            .On("GET", "/apis/apps/v1", """{"kind":"APIResourceList","resources":[{"name":"deployments","kind":"Deployment","verbs":["list"]}]}""")
            .On("GET", "/api/v1/namespaces", """{"kind":"NamespaceList","items":[{"metadata":{"name":"shop","uid":"u-1"}}]}""")
            .On("GET", "/api/v1/secrets", """{"kind":"SecretList","items":[{"metadata":{"name":"db","namespace":"shop","uid":"u-2"},"data":{"password":"aHVudGVyMg=="}}]}""")
            .On("GET", "/apis/apps/v1/deployments", """{"kind":"DeploymentList","items":[{"metadata":{"name":"web","namespace":"shop","uid":"u-3"},"spec":{"template":{"spec":{"containers":[{"name":"c","image":"i","envFrom":[{"secretRef":{"name":"db"}}]}]}}}}]}""");
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task By_the_command_with_the_kubeconfigs_token_and_answer_over_MCP()
    {
        using var scanned = new Scanned(Sources(KubeConfig("token: cluster-token")));
        await using var client = await scanned.ServeAsync();
        Assert.Equal("web", await Scanned.NamesAsync(client, new { type = "apps/Deployment" }));
        Assert.Contains("web", await Scanned.TraceAsync(client, "db", "impact"));
        Assert.All(cluster.Requests, request => Assert.Equal("Bearer cluster-token", request.Authorization));
        Assert.DoesNotContain("aHVudGVyMg", scanned.Written(), StringComparison.Ordinal);
        Assert.DoesNotContain("cluster-token", scanned.Written(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_running_a_program_that_a_kubeconfig_names_unless_its_path_is_allowed()
    {
        var program = Path.Combine(folder.FullName, "token.sh");
        await File.WriteAllTextAsync(program, $$$"""
            #!/bin/sh
            touch "{{{folder.FullName}}}/ran"
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'"$1"'"}}'
            """, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var config = KubeConfig($"exec: {{ apiVersion: client.authentication.k8s.io/v1, command: {program}, args: [made-by-program] }}");

        using (var scanned = new Scanned(Sources(config)))
        {
            var run = await scanned.ScanAsync();
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("allow_exec", run.StandardOutput, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(folder.FullName, "ran")));
            Assert.Empty(cluster.Requests);
        }

        using (var scanned = new Scanned(Sources(config, $", allow_exec: [\"{program}\"]")))
        {
            Assert.Equal(0, (await scanned.ScanAsync()).ExitCode);
            Assert.All(cluster.Requests, request => Assert.Equal("Bearer made-by-program", request.Authorization));
        }
    }

    private static string Sources(string config, string more = "") => $"sources: [ {{ name: prod, kind: kubernetes, credentials: {{ scan: {{ kubernetes: {{ kubeconfig: \"{config}\"{more} }} }} }} }} ]";

    private string KubeConfig(string user)
    {
        var file = Path.Combine(folder.FullName, "config");
        File.WriteAllText(file, $$"""
            current-context: here
            contexts: [ { name: here, context: { cluster: c, user: u } } ]
            clusters: [ { name: c, cluster: { server: "{{cluster.Endpoint}}" } } ]
            users: [ { name: u, user: { {{user}} } } ]
            """);
        return file;
    }
}
