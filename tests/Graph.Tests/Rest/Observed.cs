using McpInfra.Graph.Collectors;

namespace McpInfra.Graph.Tests.Rest;

/// <summary>What a collector saw.</summary>
internal sealed class Observed(IReadOnlyList<Observation> all)
{
    public IReadOnlyList<Observation> All => all;

    public IReadOnlyList<Resource> Resources { get; } = [.. all.OfType<Observation.Seen>().Select(seen => seen.Resource)];

    public IReadOnlyList<Finding> Findings { get; } = [.. all.OfType<Observation.Found>().Select(found => found.Finding)];

    public IReadOnlyList<Observation.Failed> Failures { get; } = [.. all.OfType<Observation.Failed>()];

    public IReadOnlyList<Observation.Complete> Complete { get; } = [.. all.OfType<Observation.Complete>()];

    /// <summary>Relations as `name TYPE name`, or with an id's last part where nothing of that id was seen.</summary>
    public IReadOnlyList<string> Relations =>
        [.. all.OfType<Observation.Related>().Select(related => $"{NameOf(related.Relation.From)} {Vocabulary.Name(related.Relation.Type)} {NameOf(related.Relation.To)}").Order(StringComparer.Ordinal)];

    public Resource this[string name] => Resources.Single(resource => resource.Name == name);

    public static async Task<Observed> ByAsync(ICollector collector, SourceSettings source, CancellationToken stop)
    {
        var seen = new List<Observation>();
        await foreach (var observation in collector.CollectAsync(source, stop))
        {
            seen.Add(observation);
        }

        return new Observed(seen);
    }

    private string NameOf(string id) =>
        Resources.FirstOrDefault(resource => resource.Id.Equals(id, StringComparison.OrdinalIgnoreCase) || resource.Aliases.Contains(id))?.Name ?? id[(id.LastIndexOfAny(['/', ':']) + 1)..];
}
