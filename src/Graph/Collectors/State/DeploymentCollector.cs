using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph.Drift;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Reads deployments of ARM and Bicep: what `az deployment group|sub|mg show` or `list` wrote, with the resources that each manages, and what `what-if` found of those. Parameters and outputs may hold secrets and are not read.</summary>
public sealed class DeploymentCollector : ICollector
{
    private static readonly JsonFile Form = new("deployment", 64, "write it", "Name fewer deployments", "Write it again (`az deployment group list`)");
    private const int MostDeployments = 100_000;

    private static readonly string[] Facts = ["mode", "templateHash", "timestamp"];

    /// <inheritdoc/>
    public string Kind => "arm-deployment";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        var (newest, found) = (new Dictionary<string, (string Time, JsonElement Deployment)>(StringComparer.OrdinalIgnoreCase), new WhatIf());
        foreach (var (_, path) in StateFiles.Of(source, ".json", "a file of `az deployment group list`"))
        {
            using var document = Form.Parse(Form.Read(path), path);
            if (WhatIf.Is(document.RootElement))
            {
                found.Add(document.RootElement);
                continue;
            }

            foreach (var deployment in Deployments(document.RootElement, path))
            {
                stop.ThrowIfCancellationRequested();
                Keep(deployment, newest);
            }
        }

        foreach (var observation in newest.SelectMany(one => Observe(one.Value.Deployment, one.Key, found)).Distinct())
        {
            yield return observation;
        }

        yield return new Observation.Complete(null, null, "*");
    }

    private static List<JsonElement> Deployments(JsonElement root, string path)
    {
        var all = root.ValueKind is JsonValueKind.Array ? root.EnumerateArray().ToList() : Get(root, "value") is { ValueKind: JsonValueKind.Array } page ? [.. page.EnumerateArray()] : [root];
        return all.Count > MostDeployments ? throw new SourceException($"{path} holds over {MostDeployments} deployments. Name fewer.")
            : all.TrueForAll(one => AzureId.TypeOf(Text(one, "id"))?.Equals(StackDrift.Deployment, StringComparison.OrdinalIgnoreCase) == true) ? all
            : throw new SourceException($"{path} is JSON but not a deployment of Azure Resource Manager. Write it with `az deployment group list -o json`.");
    }

    /// <summary>Of two files that tell of one deployment, the later counts.</summary>
    private static void Keep(JsonElement deployment, Dictionary<string, (string Time, JsonElement Deployment)> newest)
    {
        var id = Text(deployment, "id")!;
        var time = Text(Get(deployment, "properties"), "timestamp") ?? "";
        if (!newest.TryGetValue(id, out var known) || string.CompareOrdinal(known.Time, time) < 0)
        {
            newest[id] = (time, deployment.Clone());
        }
    }

    private static IEnumerable<Observation> Observe(JsonElement deployment, string id, WhatIf found)
    {
        var properties = Get(deployment, "properties");
        var name = AzureId.NameOf(id);
        var state = $"{AzureId.SubscriptionOf(id) ?? "management group"}/{name}";
        var resources = Items(properties, "outputResources").Select(item => Text(item, "id")).OfType<string>().Where(resource => AzureId.TypeOf(resource) is not null)
            .Select(resource => (Id: resource, Name: $"{AzureId.TypeOf(resource)}/{AzureId.NameOf(resource)}")).ToList();
        yield return new Observation.Seen(new Resource
        {
            Id = id, Type = StackDrift.Deployment, Name = name, Provider = "azure", Account = AzureId.SubscriptionOf(id), Region = Text(deployment, "location"), Status = Text(properties, "provisioningState"),
            Configuration = Collectors.Facts.Of([.. Facts.Select(fact => (fact, (JsonNode?)Text(properties, fact))), (StackDrift.Fact, found.Of(resources))]),
        });
        if (Text(properties, "provisioningState") is not ("Succeeded" or null))
        {
            yield break; // What a deployment that failed manages, the one before it says.
        }

        foreach (var (resource, called) in resources)
        {
            yield return new Observation.ManagedBy(new Managed(resource, $"{name}/{called}", "arm", state));
            yield return new Observation.Related(new Relation(id, RelationType.Contains, resource));
        }

        foreach (var dependency in Items(properties, "dependencies"))
        {
            foreach (var other in Items(dependency, "dependsOn").Select(item => Text(item, "id")).OfType<string>())
            {
                if (Text(dependency, "id") is { } from && AzureId.TypeOf(from) is not null && AzureId.TypeOf(other) is not null && from != other)
                {
                    yield return new Observation.Related(new Relation(from, RelationType.DependsOn, other));
                }
            }
        }
    }

    private static JsonElement Get(JsonElement value, string name) => value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out var inner) ? inner : default;

    private static IEnumerable<JsonElement> Items(JsonElement value, string name) => Get(value, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static string? Text(JsonElement value, string name) => Get(value, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 and <= 2048 } found ? found : null;
}
