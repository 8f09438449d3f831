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
    public async Task Arrive_fact_by_fact()
    {
        var lists = Recordings.Below("c7n_kube/").Where(file => file.Path.EndsWith(".yaml", StringComparison.Ordinal)).SelectMany(file => Interactions(file.Text))
            .Where(one => one.Body.ValueKind is JsonValueKind.Object && one.Body.Text("kind")?.EndsWith("List", StringComparison.Ordinal) is true).ToList();
        Assert.True(lists.Count >= 8, $"{lists.Count} lists");
        await using var cluster = await ClusterServer.StartAsync();
        var recorded = lists.SelectMany(list => list.Body.Items("items").Select(item => (list.Path, Kind: list.Body.Text("kind")![..^4], Item: item))).DistinctBy(one => Id(one.Item)).ToList();
        foreach (var (path, kind, item) in recorded)
        {
            cluster.Add(path, kind, item.GetRawText());
        }

        var seen = await Observed.ByAsync(new KubernetesCollector(new GivenSecrets(), TimeProvider.System), new("recorded", "kubernetes") { Accounts = [new("") { KubeConfig = cluster.KubeConfig }] }, TestContext.Current.CancellationToken);
        Assert.Empty(seen.Failures);
        Assert.Equal(recorded.Count + 1, seen.Resources.Count);
        var facts = new RecordedFacts(seen, "Kubernetes");
        foreach (var (_, _, item) in recorded)
        {
            facts.Compare(Id(item), item.Child("spec") ?? default);
            facts.Compare(Id(item), item.Child("metadata")!.Value);
            facts.Compare(Id(item), JsonSerializer.SerializeToElement(item.EnumerateObject().Where(member => member.Name is not ("spec" or "metadata")).ToDictionary(member => member.Name, member => member.Value)));
        }

        facts.Check();
    }

    private static string Id(JsonElement item) => item.Child("metadata")!.Value.Text("uid")!;

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
