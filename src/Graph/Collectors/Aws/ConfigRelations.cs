using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>What the items of an inventory say of each other, in the one vocabulary: told once, whichever end tells it.</summary>
/// <param name="mine">Types whose listings tell the relations among them.</param>
internal sealed class ConfigRelations(IReadOnlySet<string> mine)
{
    private static readonly ReferenceTable References = new("Aws");

    private readonly Dictionary<(string Type, string Id), string> ids = [];
    private readonly List<(string From, string FromType, string Words, string Type, string Id)> named = [];

    public void Note(ConfigItem item)
    {
        ids[(item.Type, item.ResourceId)] = item.Id;
        foreach (var (words, type, id) in item.Relations.Where(relation => !(mine.Contains(item.Type) && mine.Contains(relation.Type))))
        {
            named.Add((item.Id, item.Type, words, type, id));
        }
    }

    /// <summary>All of what an inventory says, when only its last pages were read: the first are asked for anew, no more than whom they name.</summary>
    public static async Task<ConfigRelations> ReadAsync(AwsScope scope, string? aggregator, IReadOnlySet<string> mine, CancellationToken stop)
    {
        var relations = new ConfigRelations(mine);
        await foreach (var item in ConfigItem.RelatedAsync(scope, aggregator, stop).ConfigureAwait(false))
        {
            relations.Note(item);
        }

        return relations;
    }

    /// <summary>Once every item was noted. One to a resource that nothing says how to know is left out.</summary>
    public IEnumerable<Observation> All()
    {
        var told = new HashSet<Relation>();
        foreach (var (from, fromType, words, type, id) in named)
        {
            if (Known(type, id) is { } to && from != to && Between((from, fromType), words, (to, type)) is { } relation && told.Add(relation))
            {
                yield return new Observation.Related(relation);
            }
        }
    }

    private string? Known(string type, string id) =>
        ids.TryGetValue((type, id), out var known) ? known
        : id.StartsWith("arn:", StringComparison.Ordinal) || ConfigItem.IsUnique(id) ? id
        : type == "AWS::S3::Bucket" ? $"arn:aws:s3:::{id}" : null;

    // The words are Config's: `Is contained in Vpc`, `Contains NetworkInterface`, `Is attached to Instance`, `Is associated with SecurityGroup`.
    private static Relation? Between((string Id, string Type) one, string words, (string Id, string Type) other) =>
        References.Between(one, other, out var relation) ? relation
        : words.Contains("contained in", StringComparison.OrdinalIgnoreCase) ? new Relation(other.Id, RelationType.Contains, one.Id)
        : words.Contains("contains", StringComparison.OrdinalIgnoreCase) ? new Relation(one.Id, RelationType.Contains, other.Id)
        : words.Contains("attached to", StringComparison.OrdinalIgnoreCase) ? new Relation(one.Id, RelationType.AttachedTo, other.Id)
        : new Relation(one.Id, RelationType.Uses, other.Id);
}
