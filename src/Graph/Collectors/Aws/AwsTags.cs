namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Tags, and what they say of a resource.</summary>
internal static class AwsTags
{
    private static readonly string[] EnvironmentKeys = ["environment", "env", "stage"];

    public static IReadOnlyDictionary<string, string> Of<T>(IEnumerable<T>? tags, Func<T, string?> key, Func<T, string?> value)
    {
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags ?? [])
        {
            if (key(tag) is { } name)
            {
                read[name] = value(tag) ?? "";
            }
        }

        return read;
    }

    public static string? Name(IReadOnlyDictionary<string, string>? tags) =>
        tags?.GetValueOrDefault("Name") is { Length: > 0 } name ? name : null;

    public static string? Environment(IReadOnlyDictionary<string, string> tags) =>
        EnvironmentKeys
            .Select(key => tags.FirstOrDefault(t => t.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value)
            .FirstOrDefault(value => value is { Length: > 0 });
}
