using System.Text.Json;
using System.Xml.Linq;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Lists in answers of AWS: one that is absent is no empty one, which would say that everything is gone.</summary>
internal static class AwsAnswer
{
    /// <summary>The list of a page.</summary>
    /// <param name="page">The answer.</param>
    /// <param name="name">The member that holds it.</param>
    /// <param name="next">The member that names the next page; a page that has one may be without a list.</param>
    /// <exception cref="AwsException">It has none.</exception>
    public static IEnumerable<JsonElement> List(JsonElement page, string name, string next) =>
        page.Child(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray()
        : page.Child(name) is null && page.Text(next) is not null ? []
        : throw Without(name);

    /// <inheritdoc cref="List(JsonElement, string, string)"/>
    public static IEnumerable<XElement> List(XElement page, string name, string next) =>
        page.Child(name)?.Elements() ?? (page.Text(next) is not null ? [] : throw Without(name));

    /// <summary>The list of a page that the SDK read.</summary>
    /// <param name="list">The list; null when the answer had none.</param>
    /// <param name="name">The member that holds it.</param>
    /// <param name="next">What names the next page; a page that has one may be without a list.</param>
    /// <exception cref="AwsException">It has none.</exception>
    public static IReadOnlyList<T> List<T>(List<T>? list, string name, string? next) => list ?? (next is { Length: > 0 } ? [] : throw Without(name));

    private static AwsException Without(string name) => new(CloudFault.Garbage, $"an answer without {name}");
}
