using System.Text.Json;
using System.Text.RegularExpressions;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Oci;

/// <summary>Gives what the search and the details tell the one shape, with what OCIDs in it say of each other.</summary>
/// <param name="tenancy">OCID of the tenancy; the account.</param>
/// <param name="region">The region that was searched.</param>
internal sealed partial class OciResources(string tenancy, string region)
{
    private static readonly ReferenceTable References = new("Oci");
    private static readonly KeptFacts Facts = KeptFacts.Of("Oci");

    /// <param name="summary">A row of the search.</param>
    /// <param name="detail">The resource's own answer; null where it is not asked for or is gone.</param>
    /// <exception cref="RestException">The row has no identifier or type.</exception>
    public IEnumerable<Observation> Of(JsonElement summary, JsonElement? detail)
    {
        if (summary.Text("identifier") is not { } id || summary.Text("resourceType") is not { } type)
        {
            throw new RestException(CloudFault.Garbage, "a row without identifier or type");
        }

        yield return new Observation.Seen(new Resource
        {
            Id = id,
            Type = type,
            Name = summary.Text("displayName") is { Length: > 0 } name ? name : id[(id.LastIndexOf('.') + 1)..],
            Provider = "oci",
            Account = tenancy,
            Region = region,
            Status = detail?.Text("lifecycleState") ?? summary.Text("lifecycleState"),
            Tags = Tags(summary),
            Configuration = Facts.Of(detail ?? Domain(summary), summary.Child("additionalDetails")),
        });
        foreach (var relation in Relations(summary, detail, id, type))
        {
            yield return new Observation.Related(relation);
        }
    }

    // All that a row tells of a resource itself.
    private static JsonElement Domain(JsonElement summary) => JsonSerializer.SerializeToElement(new { availabilityDomain = summary.Text("availabilityDomain") });

    private static HashSet<Relation> Relations(JsonElement summary, JsonElement? detail, string id, string type)
    {
        var relations = new HashSet<Relation>();
        if (summary.Text("compartmentId") is { } compartment && compartment != id)
        {
            relations.Add(new Relation(compartment, RelationType.Contains, id));
        }

        foreach (var (member, text) in NamedIds.Of(detail).Where(one => one.Member is not ("id" or "compartmentId")))
        {
            if (Ocid().Match(text) is { Success: true } named && References.Of((id, type), member, (text, named.Groups[1].Value)) is { } relation)
            {
                relations.Add(relation);
            }
        }

        return relations;
    }

    // A tag that is defined is known by its namespace and key.
    private static SortedDictionary<string, string> Tags(JsonElement summary)
    {
        var tags = KeptFacts.Tags(summary.Child("freeformTags"));
        foreach (var space in KeptFacts.Members(summary.Child("definedTags") ?? default))
        {
            foreach (var (key, value) in KeptFacts.Tags(space.Value))
            {
                tags[$"{space.Name}.{key}"] = value;
            }
        }

        return tags;
    }

    [GeneratedRegex(@"^ocid1\.([a-z0-9]{1,60})\.[a-z0-9-]{1,20}\.[a-z0-9-]{0,40}\.[A-Za-z0-9._-]{1,200}\z")]
    private static partial Regex Ocid();
}
