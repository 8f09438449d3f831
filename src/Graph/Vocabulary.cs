using System.Collections.Frozen;
using System.Text.Json;

namespace McpInfra.Graph;

/// <summary>Names of relations as people and the store write them: SECURED_BY.</summary>
public static class Vocabulary
{
    private static readonly FrozenDictionary<RelationType, string> Names =
        Enum.GetValues<RelationType>().ToFrozenDictionary(type => type, type => JsonNamingPolicy.SnakeCaseUpper.ConvertName(type.ToString()));

    private static readonly FrozenDictionary<string, RelationType> Types =
        Names.ToFrozenDictionary(name => name.Value, name => name.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>The relation's name.</summary>
    public static string Name(RelationType type) => Names[type];

    /// <summary>The relation of that name in any case, or null.</summary>
    public static RelationType? Find(string name) => Types.TryGetValue(name, out var type) ? type : null;
}
