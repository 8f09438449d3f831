using System.Text.Json.Nodes;
using McpInfra.TestKit;

namespace McpInfra.Graph.Tests.Kubernetes;

/// <summary>A cluster's API on loopback: discovery and lists in pages, as its public format has them; and a kubeconfig that leads to it.</summary>
internal sealed class ClusterServer : IAsyncDisposable
{
    private readonly Dictionary<string, (string Kind, List<JsonNode> Items)> lists = new(StringComparer.Ordinal);

    private ClusterServer(WireCloud wire) => Wire = wire;

    public WireCloud Wire { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("kube-").FullName;

    public string KubeConfig => Path.Combine(Folder, "config");

    public static async Task<ClusterServer> StartAsync(string user = "token: cluster-token")
    {
        var server = new ClusterServer(await WireCloud.StartAsync());
        server.Wire.On(server.Answer);
        server.WriteKubeConfig($"server: {server.Wire.Endpoint}", user);
        return server;
    }

    public void WriteKubeConfig(string cluster, string user) => File.WriteAllText(KubeConfig, $$"""
        apiVersion: v1
        kind: Config
        current-context: here
        contexts: [ { name: here, context: { cluster: c, user: u } } ]
        clusters: [ { name: c, cluster: { {{cluster}} } } ]
        users: [ { name: u, user: { {{user}} } } ]
        """);

    /// <param name="path">`/api/v1/pods`, `/apis/apps/v1/deployments`.</param>
    /// <param name="kind">Kind of its objects.</param>
    /// <param name="items">Objects.</param>
    public ClusterServer Add(string path, string kind, params string[] items)
    {
        lists.TryAdd(path, (kind, []));
        lists[path].Items.AddRange(items.Select(item => JsonNode.Parse(item)!));
        return this;
    }

    public void Clear(string path) => lists[path].Items.Clear();

    public async ValueTask DisposeAsync()
    {
        await Wire.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private CloudAnswer? Answer(WireCloud.Asked asked)
    {
        if (asked.Path == "/apis")
        {
            var groups = lists.Keys.Where(path => path.StartsWith("/apis/", StringComparison.Ordinal)).Select(path => string.Join('/', path.Split('/')[2..4])).Distinct()
                .Select(version => new JsonObject { ["name"] = version.Split('/')[0], ["preferredVersion"] = new JsonObject { ["groupVersion"] = version } });
            return new CloudAnswer(new JsonObject { ["kind"] = "APIGroupList", ["groups"] = new JsonArray([.. groups]) }.ToJsonString());
        }

        if (lists.Keys.Where(path => path[..path.LastIndexOf('/')] == asked.Path).ToList() is { Count: > 0 } resources)
        {
            return new CloudAnswer(new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["resources"] = new JsonArray([.. resources.Select(path => new JsonObject { ["name"] = path[(path.LastIndexOf('/') + 1)..], ["kind"] = lists[path].Kind, ["verbs"] = new JsonArray("get", "list") })]),
            }.ToJsonString());
        }

        return lists.TryGetValue(asked.Path, out var list) ? Page(asked, list.Kind, list.Items) : asked.Path == "/api/v1" ? new CloudAnswer("""{"kind":"APIResourceList","resources":[]}""") : null;
    }

    private static CloudAnswer Page(WireCloud.Asked asked, string kind, List<JsonNode> items)
    {
        var from = asked.Query.TryGetValue("continue", out var token) ? int.Parse(token, null) : 0;
        var size = Math.Min(2, int.Parse(asked.Query["limit"], null));
        var about = new JsonObject { ["resourceVersion"] = "1" };
        if (from + size < items.Count)
        {
            about["continue"] = (from + size).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return new CloudAnswer(new JsonObject { ["kind"] = kind + "List", ["metadata"] = about, ["items"] = new JsonArray([.. items.Skip(from).Take(size).Select(item => item.DeepClone())]) }.ToJsonString());
    }
}
