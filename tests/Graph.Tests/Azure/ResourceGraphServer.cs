using System.Text.Json.Nodes;
using McpInfra.TestKit;

namespace McpInfra.Graph.Tests.Azure;

/// <summary>Resource Graph on loopback: rows of tables by subscription, in pages, as the service answers them.</summary>
internal sealed class ResourceGraphServer : IAsyncDisposable
{
    public const string Path = "/providers/Microsoft.ResourceGraph/resources";
    public const string Prod = "11111111-1111-1111-1111-111111111111";
    public const string Test = "22222222-2222-2222-2222-222222222222";

    private readonly Dictionary<(string Subscription, string Table), List<JsonNode>> rows = [];

    private ResourceGraphServer(WireCloud wire) => Wire = wire;

    public WireCloud Wire { get; }

    public int PageRows { get; set; } = 1000;

    public static async Task<ResourceGraphServer> StartAsync(params string[] subscriptions)
    {
        var server = new ResourceGraphServer(await WireCloud.StartAsync());
        foreach (var subscription in subscriptions)
        {
            server.Add(subscription, "ResourceContainers", $$$$"""{"id":"/subscriptions/{{{{subscription}}}}","name":"sub-{{{{subscription[0]}}}}","type":"microsoft.resources/subscriptions","subscriptionId":"{{{{subscription}}}}","properties":{"state":"Enabled"}}""");
            server.Add(subscription, "ResourceContainers", $$$$"""{"id":"/subscriptions/{{{{subscription}}}}/resourceGroups/app","name":"app","type":"microsoft.resources/subscriptions/resourcegroups","location":"westeurope","tags":{"owner":"team-pay"},"subscriptionId":"{{{{subscription}}}}"}""");
        }

        server.Wire.On("POST", Path, server.Answer);
        return server;
    }

    public ResourceGraphServer Add(string subscription, string table, string row)
    {
        var key = (subscription, table);
        rows.TryAdd(key, []);
        rows[key].Add(JsonNode.Parse(row)!);
        return this;
    }

    public void Clear(string subscription, string table) => rows.Remove((subscription, table));

    public ValueTask DisposeAsync() => Wire.DisposeAsync();

    public CloudAnswer Answer(WireCloud.Asked asked)
    {
        var body = asked.Json;
        var table = body.GetProperty("query").GetString()!.Split([' ', '\n'])[0];
        var subscriptions = body.TryGetProperty("subscriptions", out var named) ? [.. named.EnumerateArray().Select(one => one.GetString()!)] : rows.Keys.Select(key => key.Subscription).Distinct().ToList();
        var all = subscriptions.SelectMany(subscription => rows.GetValueOrDefault((subscription, table)) ?? []).ToList();
        var options = body.GetProperty("options");
        var from = options.TryGetProperty("$skipToken", out var token) ? int.Parse(token.GetString()!, null) : 0;
        var page = all.Skip(from).Take(PageRows).Select(row => row.DeepClone()).ToArray();
        var answer = new JsonObject { ["totalRecords"] = all.Count, ["count"] = page.Length, ["data"] = new JsonArray(page), ["facets"] = new JsonArray(), ["resultTruncated"] = from + page.Length < all.Count ? "true" : "false" };
        if (from + page.Length < all.Count)
        {
            answer["$skipToken"] = (from + page.Length).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return new CloudAnswer(answer.ToJsonString(), Headers: [("x-ms-user-quota-remaining", "14"), ("x-ms-user-quota-resets-after", "00:00:05")]);
    }
}
