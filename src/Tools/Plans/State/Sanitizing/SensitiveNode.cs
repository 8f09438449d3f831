namespace McpInfra.Tools.Plans.State;

/// <summary>What a provider's schema says of one attribute or block: whether it is sensitive, and what is within.</summary>
public sealed class SensitiveNode
{
    /// <summary>Stands for every key of a map of blocks.</summary>
    public const string AnyKey = "*";

    private readonly Dictionary<string, SensitiveNode> within = new(StringComparer.Ordinal);

    /// <summary>Whether all of it is.</summary>
    public bool IsSensitive { get; private set; }

    /// <summary>A tree of paths, each with `.` between its names.</summary>
    public static SensitiveNode Of(IEnumerable<string> paths)
    {
        var root = new SensitiveNode();
        foreach (var path in paths)
        {
            var at = root;
            foreach (var name in path.Split('.'))
            {
                at = at.within.TryGetValue(name, out var next) ? next : at.within[name] = new SensitiveNode();
            }

            at.IsSensitive = true;
        }

        return root;
    }

    /// <summary>What is said of a name or key within; null for nothing.</summary>
    public SensitiveNode? In(string name) => within.GetValueOrDefault(name) ?? within.GetValueOrDefault(AnyKey);
}
