using System.Globalization;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Queries;

namespace McpInfra.Tools.Resources;

/// <summary>Sections of a resource as structured content: the first of each list, with how many there are.</summary>
internal static class ResourceStructure
{
    private const int MostListed = 50;

    public static JsonObject Of(ResourceDetails details, IReadOnlyList<ResourceSection> sections, string? cursor)
    {
        var json = new JsonObject { ["resource"] = Structure.Of(details.Row) };
        foreach (var section in sections)
        {
            Add(json, section, details);
        }

        json["cursor"] = cursor;
        return json;
    }

    private static void Add(JsonObject json, ResourceSection section, ResourceDetails details)
    {
        var resource = details.Resource;
        switch (section)
        {
            case ResourceSection.Summary:
                json["status"] = resource.Status;
                json["tags"] = new JsonObject(resource.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)));
                json["aliases"] = new JsonArray([.. resource.Aliases.Take(MostListed).Select(alias => (JsonNode)alias)]);
                json["gone"] = details.Row.GoneAt?.ToString("O");
                break;
            case ResourceSection.Configuration:
                json["configuration"] = resource.Configuration.DeepClone();
                break;
            case ResourceSection.Relations:
                json["relations"] = List(details.Relations, relation => new JsonObject
                {
                    ["relation"] = Vocabulary.Name(relation.Type), ["forward"] = relation.Forward, ["id"] = relation.Other.Id, ["type"] = relation.Other.Type, ["name"] = relation.Other.Name,
                });
                json["relationsTotal"] = details.Relations.Count;
                break;
            case ResourceSection.Code:
                json["code"] = List(details.Code, place => new JsonObject
                {
                    ["address"] = place.Address, ["state"] = place.State, ["repository"] = place.Repository, ["file"] = place.File, ["line"] = place.Line, ["part"] = place.IsPart,
                });
                break;
            case ResourceSection.Drift:
                json["drift"] = DriftSection.Structured(details.Drift);
                break;
            case ResourceSection.Findings:
                json["findings"] = List(details.Findings, finding => new JsonObject
                {
                    ["id"] = finding.Id, ["rule"] = finding.Rule, ["title"] = finding.Title, ["severity"] = finding.Severity, ["tool"] = string.Join(", ", finding.Tools), ["file"] = finding.File, ["line"] = finding.Line,
                });
                json["findingsTotal"] = details.Findings.Count;
                break;
            case ResourceSection.Costs:
                json["costs"] = List(details.Costs, cost => new JsonObject
                {
                    ["month"] = cost.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture), ["until"] = cost.Until.ToString("O", CultureInfo.InvariantCulture), ["service"] = cost.Service,
                    ["billed"] = cost.Billed, ["effective"] = cost.Effective, ["currency"] = cost.Currency, ["source"] = cost.Source,
                });
                break;
            default:
                json["owner"] = details.Owner;
                break;
        }
    }

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> of) => new([.. items.Take(MostListed).Select(of)]);
}
