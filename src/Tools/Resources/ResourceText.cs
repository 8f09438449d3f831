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

    public static Section Of(ResourceSection section, ResourceDetails details, Width width) => section switch
    {
        ResourceSection.Summary => new("## Summary", "names, ids and tags", [.. Summary(details, width)]),
        ResourceSection.Configuration => new("## Configuration", "facts of the resource", [.. Facts(details.Resource, width)]),
        ResourceSection.Relations => new($"## Relations ({Number(details.Relations.Count, details.Untold.Relations, "trace_resources follows all")})\n→ from this resource, ← to it; then name | type | id", "related resources", [.. details.Relations.Select(relation => Relation(relation, width))]),
        ResourceSection.Code => new($"## Code{(details.Untold.Code == 0 ? "" : $" ({Number(details.Code.Count, details.Untold.Code, "the others are of the same kind")})")}\naddress | state | file", "addresses and paths of code", [.. details.Code.Select(place => Code(place, width))]),
        ResourceSection.Drift => DriftSection.Of(details, width),
        ResourceSection.Findings => new($"## Findings ({Number(details.Findings.Count, details.Untold.Findings, "search_findings with `resource` has all")})\nseverity | rule | message | scanner | file", "findings of scanners", [.. details.Findings.Select(finding => Finding(finding, width))]),
        ResourceSection.Costs => new($"## Costs{(details.Untold.Costs == 0 ? "" : $" ({Number(details.Costs.Count, details.Untold.Costs, "the others are older or smaller; infra://costs sums them by service")})")}\nmonth (told until) | service | billed | effective | source", "costs that a provider tells", [.. details.Costs.Select(Cost)]),
        _ => new("## Owner", "owner by tag, CODEOWNERS or catalogue", details.Owner is { } owner ? [width.Flat(owner)] : []),
    };

    private static string Number(int told, long untold, string others) => untold == 0 ? $"{told}" : $"{told + untold}, of which {told} are told here; {others}";

    /// <summary>What says something first: an empty list, or an id that the summary has, can wait.</summary>
    private static IEnumerable<string> Facts(Resource resource, Width width) => resource.Configuration.Select(fact => (fact.Key, Text: Value(fact.Value)))
        .OrderBy(fact => fact.Text is "" or "[]" or "{}" || fact.Text == resource.Id || fact.Text == resource.Name).SelectMany(fact => width.Of($"{fact.Key}: ", fact.Text));

    private static IEnumerable<string> Summary(ResourceDetails details, Width width)
    {
        var (row, resource) = (details.Row, details.Resource);
        yield return $"name: {width.Flat(resource.Name)}";
        yield return $"id: {width.Flat(resource.Id)}";
        yield return $"type: {width.Flat(resource.Type)} ({resource.Provider})";
        yield return $"account/region: {Lines.Place(row)}";
        if (resource.Status is { } status)
        {
            yield return $"status: {width.Flat(status)}";
        }

        if (resource.Environment is { } environment)
        {
            yield return $"environment: {width.Flat(environment)}";
        }

        if (details.At is null)
        {
            yield return $"managed by: {Lines.Managed(row)}";
        }

        yield return $"seen since {Day(row.FirstSeen)}{(details.At is null ? $", as it is since {Day(row.ChangedAt)}" : "")}";
        var lists = resource.Aliases.Count > 0 ? width.Of("also known as: ", string.Join(", ", resource.Aliases)) : [];
        var tags = resource.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).SelectMany(tag => width.Of($"tag {tag.Key}=", tag.Value));
        var changes = details.Changes.SelectMany(change => width.Of($"{Day(change.Time)} {change.What}{(change.Fields.Count > 0 ? ": " : "")}", string.Join(", ", change.Fields)));
        foreach (var line in lists.Concat(tags).Concat(changes))
        {
            yield return line;
        }
    }

    private static string Relation(RelatedResource relation, Width width) =>
        $"{(relation.Forward ? "→" : "←")} {Vocabulary.Name(relation.Type)} | {width.Cell(relation.Other.Name)} | {width.Cell(relation.Other.Type)} | {width.Flat(relation.Other.Id)}";

    private static string Code(CodePlace place, Width width) =>
        $"{width.Cell(place.Address)} | {width.Cell(place.State)} | {(place.File is null ? "not found in code" : $"{width.Cell(place.Repository!)}: {width.Cell(place.File)}:{place.Line}")}{(place.IsPart ? " | configures it" : "")}";

    private static string Finding(JoinedFinding finding, Width width) =>
        $"{finding.Severity} | {width.Cell(finding.Rule)} | {width.Cell(finding.Title)} | {width.Cell(string.Join(", ", finding.Tools))} | {(finding.File is null ? "-" : $"{width.Cell(finding.File)}:{finding.Line}")}";

    private static string Cost(CostRow cost) =>
        FormattableString.Invariant($"{cost.Month:yyyy-MM} ({cost.Until:yyyy-MM-dd}) | {Lines.Cell(cost.Service)} | {cost.Billed:0.00} {Lines.Cell(cost.Currency)} | {cost.Effective:0.00} {Lines.Cell(cost.Currency)} | {Lines.Cell(cost.Source)}");

    private static string Value(System.Text.Json.Nodes.JsonNode? value) => value switch
    {
        null => "none",
        System.Text.Json.Nodes.JsonValue scalar => scalar.ToString(),
        _ => value.ToJsonString(Plain),
    };

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + "Z";
}
