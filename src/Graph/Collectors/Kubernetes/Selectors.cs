using System.Text.Json;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>Workloads by the labels of their pods, for those that choose them by labels: services, network policies, disruption budgets.</summary>
internal sealed class Selectors
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<(string Id, IReadOnlyDictionary<string, string> Labels)>> workloads = new(StringComparer.Ordinal);

    /// <summary>Remembers the labels of a workload's pods.</summary>
    public void Note(string? space, string id, JsonElement? labels)
    {
        var told = KeyValues(labels);
        lock (gate)
        {
            (workloads.TryGetValue(space ?? "", out var list) ? list : workloads[space ?? ""] = []).Add((id, told));
        }
    }

    /// <summary>Who of a namespace is chosen by `matchLabels`, or by a service's selector; nobody by one with expressions, which is not evaluated.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="emptyIsAll">Whether an empty selector chooses everything, as that of a network policy does.</param>
    public IReadOnlyList<string> Chosen(string? space, JsonElement? selector, bool emptyIsAll)
    {
        if (selector is not { ValueKind: JsonValueKind.Object } || selector.Value.Items("matchExpressions").Any())
        {
            return [];
        }

        var wanted = KeyValues(selector.Value.Child("matchLabels") ?? (emptyIsAll ? null : selector));
        lock (gate)
        {
            return wanted.Count == 0 && !emptyIsAll ? [] : [.. (workloads.GetValueOrDefault(space ?? "") ?? []).Where(one => wanted.All(label => one.Labels.GetValueOrDefault(label.Key) == label.Value)).Select(one => one.Id)];
        }
    }

    private static Dictionary<string, string> KeyValues(JsonElement? labels) => labels is { ValueKind: JsonValueKind.Object } map
        ? map.EnumerateObject().Where(label => label.Value.ValueKind is JsonValueKind.String).DistinctBy(label => label.Name).ToDictionary(label => label.Name, label => label.Value.GetString()!) : [];
}
