using System.Text.Json;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>Who chooses workloads by the labels of their pods: services, network policies, disruption budgets. They are few beside what they choose from, so they are what is remembered.</summary>
internal sealed class Selectors
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Space, string Label, string Value), List<Chooser>> choosers = [];

    /// <summary>Remembers who chooses by `matchLabels`, or by a service's selector; one with expressions, which are not evaluated, chooses nobody.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="emptyIsAll">Whether an empty selector chooses everything, as that of a network policy does.</param>
    /// <param name="relation">The relation to who is chosen, by its id.</param>
    public void Note(string? space, JsonElement? selector, bool emptyIsAll, Func<string, Relation> relation)
    {
        if (selector is not { ValueKind: JsonValueKind.Object } || selector.Value.Items("matchExpressions").Any())
        {
            return;
        }

        var wanted = KeyValues(selector.Value.Child("matchLabels") ?? (emptyIsAll ? null : selector));
        if (wanted.Count == 0 && !emptyIsAll)
        {
            return;
        }

        var (label, value) = wanted.FirstOrDefault(new KeyValuePair<string, string>("", "")); // Whoever is chosen has it.
        lock (gate)
        {
            var place = (space ?? "", label, value);
            (choosers.TryGetValue(place, out var list) ? list : choosers[place] = []).Add(new Chooser(wanted, relation));
        }
    }

    /// <summary>The relations of a workload to all who choose it, once these are known.</summary>
    public IReadOnlyList<Relation> Of(string? space, string id, JsonElement? labels)
    {
        var told = KeyValues(labels);
        lock (gate)
        {
            return
            [
                .. told.Append(new("", "")).SelectMany(label => choosers.GetValueOrDefault((space ?? "", label.Key, label.Value)) ?? [])
                    .Where(chooser => chooser.Wanted.All(label => told.GetValueOrDefault(label.Key) == label.Value)).Select(chooser => chooser.Relation(id)),
            ];
        }
    }

    private static Dictionary<string, string> KeyValues(JsonElement? labels) => labels is { ValueKind: JsonValueKind.Object } map
        ? map.EnumerateObject().Where(label => label.Value.ValueKind is JsonValueKind.String).DistinctBy(label => label.Name).ToDictionary(label => label.Name, label => label.Value.GetString()!) : [];

    private sealed record Chooser(Dictionary<string, string> Wanted, Func<string, Relation> Relation);
}
