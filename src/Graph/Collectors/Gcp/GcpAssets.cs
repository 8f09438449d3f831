using System.Text.Json;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Gcp;

/// <summary>Gives assets, as either listing answers them, the one shape, with what they say of each other.</summary>
internal sealed class GcpAssets(GcpProjects projects)
{
    private const string Project = "cloudresourcemanager.googleapis.com/Project";

    private static readonly ReferenceTable References = new("Gcp");
    private static readonly KeptFacts Facts = KeptFacts.Of("Gcp");

    /// <summary>An asset of assets.list with its resource.</summary>
    public IEnumerable<Observation> OfAsset(JsonElement asset)
    {
        var (name, type) = Identify(asset);
        var resource = asset.Child("resource") ?? default;
        var data = resource.Child("data") ?? default;
        yield return Seen(name, type, new Resource
        {
            Id = name, Type = type, Provider = "gcp",
            Name = data.Text("displayName") ?? data.Text("name")?.Split('/')[^1] ?? Last(name),
            Account = projects.AccountOf(name, asset.Texts("ancestors")),
            Region = Region(resource.Text("location") ?? data.Text("location")),
            Status = data.Text("status") ?? data.Text("state") ?? data.Text("lifecycleState"),
            Tags = KeptFacts.Tags(data.Child("labels") ?? data.Child("resourceLabels") ?? data.Child("userLabels") ?? data.Child("settings")?.Child("userLabels")),
            Configuration = Facts.Of(data),
        }, data);
        foreach (var relation in Relations(name, type, resource.Text("parent"), data))
        {
            yield return new Observation.Related(relation);
        }
    }

    /// <summary>A result of searchAllResources, for what assets.list does not know.</summary>
    public IEnumerable<Observation> OfResult(JsonElement result)
    {
        var (name, type) = Identify(result);
        var about = result.Child("additionalAttributes") ?? default;
        yield return Seen(name, type, new Resource
        {
            Id = name, Type = type, Provider = "gcp",
            Name = result.Text("displayName") ?? Last(name),
            Account = projects.AccountOf(name, [result.Text("project"), .. result.Texts("folders"), result.Text("organization")]),
            Region = Region(result.Text("location")),
            Status = result.Text("state"),
            Tags = KeptFacts.Tags(result.Child("labels")),
            Configuration = Facts.Of(about),
        }, about);
        var keys = result.Texts("kmsKeys").Append(result.Text("kmsKey")).OfType<string>().Select(GcpName.Of).OfType<GcpName>().Select(key => new Relation(name, RelationType.EncryptedBy, key.Full));
        foreach (var relation in Relations(name, type, result.Text("parentFullResourceName"), about).Concat(keys).Distinct())
        {
            yield return new Observation.Related(relation);
        }
    }

    /// <summary>A relationship of assets.list.</summary>
    public static IEnumerable<Observation> OfRelationship(JsonElement asset)
    {
        var (name, type) = Identify(asset);
        var related = asset.Child("relatedAsset") ?? default;
        if (related.Text("asset") is { } other && References.Of((name, type), related.Text("relationshipType") ?? "", (other, related.Text("assetType") ?? "")) is { } relation)
        {
            yield return new Observation.Related(relation);
        }
    }

    /// <summary>The full name and type of an asset or result.</summary>
    /// <exception cref="RestException">It has none.</exception>
    public static (string Name, string Type) Identify(JsonElement asset) => asset.Text("name") is { } name && asset.Text("assetType") is { } type && name.StartsWith("//", StringComparison.Ordinal)
        ? (name, type) : throw new RestException(CloudFault.Garbage, "an asset without name or type");

    // Ids inside configurations are written in many ways; the full name is among every asset's aliases.
    private Observation.Seen Seen(string name, string type, Resource resource, JsonElement data)
    {
        var id = GcpName.IdOf(name);
        var link = id == name && data.Text("selfLink") is { } self && self.StartsWith("https://", StringComparison.Ordinal) ? self : id;
        var number = type == Project && projects.NumberOf(Last(name)) is { } known ? $"//cloudresourcemanager.googleapis.com/projects/{known}" : null;
        string?[] aliases = [name, Relative(name), data.Text("email"), type == "storage.googleapis.com/Bucket" ? Last(name) : null, number];
        return new(resource with { Id = link, Aliases = [.. aliases.OfType<string>().Where(alias => alias != link).Distinct()] });
    }

    private static HashSet<Relation> Relations(string name, string type, string? parent, JsonElement data)
    {
        var relations = new HashSet<Relation>();
        if (parent is { Length: > 0 } && parent != name)
        {
            relations.Add(new Relation(parent, RelationType.Contains, name));
        }

        foreach (var (member, text) in NamedIds.Of(data).Where(one => one.Member is not ("selfLink" or "id" or "name" or "parent" or "selfLinkWithId")))
        {
            if (GcpName.Of(text) is { } named && named.Full != parent && References.Of((name, type), member, (named.Full, named.Type)) is { } relation)
            {
                relations.Add(relation);
            }
        }

        return relations;
    }

    private static string? Relative(string name) => name.IndexOf('/', 2) is > 0 and var at && name[(at + 1)..] is var rest && rest.Contains('/', StringComparison.Ordinal) ? rest : null;

    private static string Last(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string? Region(string? location) => location is null or "global" ? null : location.ToLowerInvariant();
}
