using System.Text.Json;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Kubernetes;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace McpInfra.Graph.Tests.Kubernetes;

public sealed class Recorded_answers_of_a_cluster
{
    [Fact]
    public async Task Are_read_whole()
    {
        var lists = Recordings.Below("c7n_kube/").Where(file => file.Path.EndsWith(".yaml", StringComparison.Ordinal)).SelectMany(file => Interactions(file.Text))
            .Where(one => one.Body.ValueKind is JsonValueKind.Object && one.Body.Text("kind")?.EndsWith("List", StringComparison.Ordinal) is true).ToList();
        Assert.True(lists.Count >= 8, $"{lists.Count} lists");
        foreach (var (path, body) in lists)
        {
            await using var cluster = await ClusterServer.StartAsync();
            cluster.Add(path, body.Text("kind")![..^4], [.. body.Items("items").Select(item => item.GetRawText())]);
            var seen = await Observed.ByAsync(new KubernetesCollector(new GivenSecrets(), TimeProvider.System), new("recorded", "kubernetes") { Accounts = [new("") { KubeConfig = cluster.KubeConfig }] }, TestContext.Current.CancellationToken);
            Assert.Empty(seen.Failures);
            Assert.Equal(body.Items("items").Select(item => item.Child("metadata")!.Value.Text("name")).Order(), seen.Resources.Where(resource => resource.Type != "kubernetes/Cluster").Select(resource => resource.Name).Order());
        }
    }

    private static IEnumerable<(string Path, JsonElement Body)> Interactions(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        foreach (var interaction in ((YamlSequenceNode)stream.Documents[0].RootNode["interactions"]).Where(one => one["request"]["method"].ToString() == "GET"))
        {
            yield return (new Uri(interaction["request"]["uri"].ToString()).AbsolutePath, JsonElement.Parse(interaction["response"]["body"]["string"].ToString()));
        }
    }
}
