using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Kubernetes;
using Xunit;

namespace McpInfra.Graph.Tests.Kubernetes;

public sealed class A_kubeconfig : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kubeconfig-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Names_where_the_cluster_is_and_who_asks()
    {
        File.WriteAllText(Path.Combine(folder, "token"), "file-token\n");
        var read = Read("server: \"https://cluster.example:6443\", certificate-authority-data: Q0E=, tls-server-name: inner", "tokenFile: token");
        Assert.Equal(new KubeCluster(new Uri("https://cluster.example:6443"), "CA", "inner"), read.Cluster);
        Assert.Equal("file-token", Assert.IsType<KubeUser.Secret>(read.User).Value.Reveal());
    }

    [Fact]
    public void Gives_a_client_certificate_with_its_key() =>
        Assert.Equal("CERT\nKEY", Assert.IsType<KubeUser.Secret>(Read("server: \"https://c\"", "client-certificate-data: Q0VSVA==, client-key-data: S0VZ").User).Value.Reveal());

    [Fact]
    public void Runs_no_program_by_being_read()
    {
        var program = Assert.IsType<KubeUser.Program>(Read("server: \"https://c\"", $"exec: {{ command: touch, args: [\"{folder}/ran\"], env: [ {{ name: A, value: b }} ] }}").User);
        Assert.Equal(("touch", "b"), (program.Command, program.Environment["A"]));
        Assert.False(File.Exists(Path.Combine(folder, "ran")));
    }

    [Theory]
    [InlineData("server: \"https://c\", insecure-skip-tls-verify: true", "token: t", "skips the check")]
    [InlineData("server: \"https://c\", proxy-url: \"http://p\"", "token: t", "proxy")]
    [InlineData("server: \"http://c.example\"", "token: t", "https address")]
    [InlineData("server: \"https://u:p@c.example\"", "token: t", "https address")]
    [InlineData("server: \"https://c\"", "username: a, password: hunter2", "passwords and auth-provider are not read")]
    [InlineData("server: \"https://c\"", "tokenFile: missing", "cannot be read")]
    [InlineData("server: \"https://c\", certificate-authority-data: \"???\"", "token: t", "no YAML")]
    [InlineData("server: [", "token: t", "no YAML")]
    public void That_would_hand_its_credential_to_others_or_has_none_is_refused(string cluster, string user, string said)
    {
        var refused = Assert.Throws<SourceException>(() => Read(cluster, user));
        Assert.Contains(said, refused.Message);
        Assert.DoesNotContain("hunter2", refused.Message);
    }

    [Fact]
    public void Without_the_context_that_is_asked_for_is_refused() => Assert.Contains("no such context", Assert.Throws<SourceException>(() => Read("server: \"https://c\"", "token: t", "elsewhere")).Message);

    private KubeConfig Read(string cluster, string user, string? context = null)
    {
        var file = Path.Combine(folder, "config");
        File.WriteAllText(file, $$"""
            current-context: here
            contexts: [ { name: here, context: { cluster: c, user: u } } ]
            clusters: [ { name: c, cluster: { {{cluster}} } } ]
            users: [ { name: u, user: { {{user}} } } ]
            """);
        return KubeConfig.Read(file, context);
    }
}
