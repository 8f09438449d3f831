using System.Collections.Frozen;
using System.Text.Json;

namespace McpInfra.Graph.Collectors.State;

/// <summary>
/// Relations that a state tells: by attributes that name another resource, and by dependencies for the rest.
/// A state lists indirect dependencies too; those that another dependency already leads to are left out.
/// </summary>
internal sealed class StateRelations(string source, StateIndex index, Func<StateInstance, StateInstance?> ownerOf)
{
    private const int MostDepth = 6;
    private const int MostPeers = 50;

    private static readonly FrozenDictionary<string, (RelationType Type, bool Forward)> Attributes = EmbeddedTable.Rows("references.txt")
        .ToFrozenDictionary(row => row[0], row => (Vocabulary.Find(row[1])!.Value, row[2] == "to"));

    /// <summary>Relations of one object; those of a part begin or end at its owner.</summary>
    public IEnumerable<Relation> Of(StateInstance instance)
    {
        if (Subject(instance) is not { } subject)
        {
            return [];
        }

        var own = Id(subject);
        var told = new HashSet<string>();
        var relations = new HashSet<Relation>();
        foreach (var (attribute, value) in References(instance))
        {
            var named = index.Find(attribute, value);
            var end = named is null ? value : Subject(named) is { } whole ? Id(whole) : null;
            if (end is null || end == own || (named is null && (!StateResource.IsUnique(value) || value.Length > 500 || !Known(instance, attribute, out _))))
            {
                continue;
            }

            if (named is not null)
            {
                told.Add(named.Block);
            }

            var (type, forward) = Known(instance, attribute, out var rule) ? rule : (RelationType.DependsOn, true);
            relations.Add(forward ? new Relation(own, type, end) : new Relation(end, type, own));
        }

        relations.UnionWith(ByDependency(instance, own, told));
        return relations;
    }

    private IEnumerable<Relation> ByDependency(StateInstance instance, string own, HashSet<string> told)
    {
        var indirect = instance.Dependencies.SelectMany(dependency => index.Block(dependency).Take(1)).SelectMany(dependency => dependency.Dependencies).ToHashSet();
        return instance.Dependencies.Where(dependency => !told.Contains(dependency) && !indirect.Contains(dependency))
            .SelectMany(dependency => Peers(instance, dependency)).Select(Subject).OfType<StateInstance>().Select(Id)
            .Where(end => end != own).Distinct().Select(end => new Relation(own, RelationType.DependsOn, end));
    }

    /// <summary>A dependency names a block: its instance of the same key, else all of them.</summary>
    private IEnumerable<StateInstance> Peers(StateInstance instance, string dependency)
    {
        var peers = index.Block(dependency).Take(MostPeers).ToList();
        var same = peers.Where(peer => peer.Key.Length > 0 && peer.Key == instance.Key).ToList();
        return same.Count > 0 ? same : peers;
    }

    private StateInstance? Subject(StateInstance instance) => TerraformTypes.IsPart(instance.Type) ? ownerOf(instance) : instance;

    private string Id(StateInstance instance) => StateResource.Id(instance, source);

    private static bool Known(StateInstance instance, string attribute, out (RelationType Type, bool Forward) rule) =>
        Attributes.TryGetValue($"{instance.Type}.{attribute}", out rule) || Attributes.TryGetValue(attribute, out rule);

    private static IEnumerable<(string Attribute, string Value)> References(StateInstance instance) =>
        instance.Type == "terraform_data" ? Strings("input", StateFacts.Input(instance), instance, "input", 0) : Strings("", instance.Attributes, instance, "", 0);

    private static IEnumerable<(string Attribute, string Value)> Strings(string attribute, JsonElement value, StateInstance instance, string path, int depth)
    {
        if (depth > MostDepth || (SecretShapes.IsSecretName(attribute) && !Known(instance, attribute, out _)) || (path.Length > 0 && instance.IsSensitive(path)))
        {
            return [];
        }

        return value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() is { Length: > 0 } text && attribute is not ("id" or "arn" or "self_link" or "owner_id") => [(attribute, text)],
            JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Strings(attribute, item, instance, path, depth + 1)),
            JsonValueKind.Object => value.EnumerateObject().Where(member => member.Name is not ("tags" or "tags_all" or "labels" or "timeouts"))
                .SelectMany(member => Strings(member.Name, member.Value, instance, path.Length == 0 ? member.Name : $"{path}.{member.Name}", depth + 1)),
            _ => [],
        };
    }
}
