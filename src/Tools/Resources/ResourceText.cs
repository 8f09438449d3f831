using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using McpInfra.Graph;
using McpInfra.Graph.Queries;

namespace McpInfra.Tools.Resources;

/// <summary>Sections of a resource as lines.</summary>
internal static class ResourceText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Section Of(ResourceSection section, ResourceDetails details) => section switch
    {
        ResourceSection.Summary => new("## Summary", "names, ids and tags", [.. Summary(details)]),
        ResourceSection.Configuration => new("## Configuration", "facts of the resource", [.. Facts(details.Resource)]),
        ResourceSection.Relations => new($"## Relations ({details.Relations.Count})\n→ from this resource, ← to it; then name | type | id", "related resources", [.. details.Relations.Select(Relation)]),
        ResourceSection.Code => new("## Code\naddress | state | file", "addresses and paths of code", [.. details.Code.Select(Code)]),
        ResourceSection.Drift => DriftSection.Of(details),
        ResourceSection.Findings => new($"## Findings ({details.Findings.Count})\nseverity | rule | message | scanner | file", "findings of scanners", [.. details.Findings.Select(Finding)]),
        ResourceSection.Costs => new("## Costs\nmonth (told until) | service | billed | effective | source", "costs that a provider tells", [.. details.Costs.Select(Cost)]),
        _ => new("## Owner", "owner by tag, CODEOWNERS or catalogue", details.Owner is { } owner ? [Lines.Flat(owner)] : []),
    };

    /// <summary>What says something first: an empty list, or an id that the summary has, can wait.</summary>
    private static IEnumerable<string> Facts(Resource resource) => resource.Configuration.Select(fact => (fact.Key, Text: Value(fact.Value)))
        .OrderBy(fact => fact.Text is "" or "[]" or "{}" || fact.Text == resource.Id || fact.Text == resource.Name).Select(fact => Lines.Flat($"{fact.Key}: {fact.Text}"));

    private static IEnumerable<string> Summary(ResourceDetails details)
    {
        var (row, resource) = (details.Row, details.Resource);
        yield return $"name: {Lines.Flat(resource.Name)}";
        yield return $"id: {Lines.Flat(resource.Id)}";
        yield return $"type: {Lines.Flat(resource.Type)} ({resource.Provider})";
        yield return $"account/region: {Lines.Place(row)}";
        if (resource.Status is { } status)
        {
            yield return $"status: {Lines.Flat(status)}";
        }

        if (resource.Environment is { } environment)
        {
            yield return $"environment: {Lines.Flat(environment)}";
        }

        yield return $"managed by: {Lines.Managed(row)}";
        yield return $"seen since {Day(row.FirstSeen)}, as it is since {Day(row.ChangedAt)}";
        if (resource.Aliases.Count > 0)
        {
            yield return Lines.Flat($"also known as: {string.Join(", ", resource.Aliases.Take(10))}");
        }

        foreach (var tag in resource.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            yield return Lines.Flat($"tag {tag.Key}={tag.Value}");
        }

        foreach (var change in details.Changes)
        {
            yield return Lines.Flat($"{Day(change.Time)} {change.What}{(change.Fields.Count > 0 ? ": " + string.Join(", ", change.Fields) : "")}");
        }
    }

    private static string Relation(RelatedResource relation) =>
        $"{(relation.Forward ? "→" : "←")} {Vocabulary.Name(relation.Type)} | {Lines.Flat(relation.Other.Name)} | {Lines.Flat(relation.Other.Type)} | {Lines.Flat(relation.Other.Id)}";

    private static string Code(CodePlace place) =>
        $"{Lines.Flat(place.Address)} | {Lines.Flat(place.State)} | {(place.File is null ? "not found in code" : $"{Lines.Flat(place.Repository!)}: {Lines.Flat(place.File)}:{place.Line}")}{(place.IsPart ? " | configures it" : "")}";

    private static string Finding(JoinedFinding finding) =>
        $"{finding.Severity} | {Lines.Flat(finding.Rule)} | {Lines.Flat(finding.Title)} | {Lines.Flat(string.Join(", ", finding.Tools))} | {(finding.File is null ? "-" : $"{Lines.Flat(finding.File)}:{finding.Line}")}";

    private static string Cost(CostRow cost) =>
        Lines.Flat(FormattableString.Invariant($"{cost.Month:yyyy-MM} ({cost.Until:yyyy-MM-dd}) | {cost.Service} | {cost.Billed:0.00} {cost.Currency} | {cost.Effective:0.00} {cost.Currency} | {cost.Source}"));

    private static string Value(System.Text.Json.Nodes.JsonNode? value) => value switch
    {
        null => "none",
        System.Text.Json.Nodes.JsonValue scalar => scalar.ToString(),
        _ => value.ToJsonString(Plain),
    };

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + "Z";
}
