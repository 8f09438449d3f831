using System.Text.Json;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Lists in JSON answers of AWS whose absence would be taken for their end.</summary>
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
        : throw new AwsException(CloudFault.Garbage, $"an answer without {name}");
}
