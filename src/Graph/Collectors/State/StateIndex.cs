namespace McpInfra.Graph.Collectors.State;

/// <summary>Finds objects of one state by the values with which others name them.</summary>
internal sealed class StateIndex
{
    private static readonly string[] Names = ["id", "arn", "self_link", "url", "email", "name", "bucket", "function_name", "identifier", "key_id"];
    private static readonly string[] Suffixes = ["_name", "_id", "_ids", "_arn", "_arns", "_url", "_email", "s"];

    private readonly ILookup<string, StateInstance> byValue;
    private readonly ILookup<string, StateInstance> byBlock;

    public StateIndex(IReadOnlyList<StateInstance> instances)
    {
        byValue = instances.Where(instance => !TerraformTypes.IsPart(instance.Type))
            .SelectMany(instance => Names.Select(instance.Text).OfType<string>().Distinct().Select(value => (value, instance)))
            .ToLookup(pair => pair.value, pair => pair.instance);
        byBlock = instances.ToLookup(instance => instance.Block);
    }

    /// <summary>The one object that a unique value names, or that a plain name names in an attribute which tells its kind; else null.</summary>
    public StateInstance? Find(string attribute, string value)
    {
        var candidates = byValue[value].ToList();
        if (candidates.Count != 1 || !StateResource.IsUnique(value))
        {
            var stem = Stem(attribute);
            candidates = [.. candidates.Where(candidate => candidate.Type.Contains(stem, StringComparison.Ordinal))];
        }

        return candidates.Count == 1 ? candidates[0] : null;
    }

    /// <summary>The one object of a Terraform type that a value names.</summary>
    public StateInstance? FindTyped(string type, string value) =>
        byValue[value].Where(candidate => type == "*" || TerraformTypes.ProviderType(candidate.Type) == TerraformTypes.ProviderType(type)).Take(2).ToList() is [var only] ? only : null;

    /// <summary>All instances of a block.</summary>
    public IEnumerable<StateInstance> Block(string address) => byBlock[address];

    private static string Stem(string attribute)
    {
        var suffix = Suffixes.FirstOrDefault(suffix => attribute.EndsWith(suffix, StringComparison.Ordinal) && attribute.Length > suffix.Length);
        return suffix is null ? attribute : attribute[..^suffix.Length];
    }
}
