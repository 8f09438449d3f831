using System.Runtime.CompilerServices;
using System.Text.Json;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Azure;

/// <summary>The rows of Resource Graph's `Resources` and `ResourceContainers` in the one shape, with what they say of each other.</summary>
internal static class AzureResources
{
    private const string Network = "Microsoft.Network/virtualNetworks";
    private const string Subnet = "Microsoft.Network/virtualNetworks/subnets";

    private const string Containers = """
        ResourceContainers
        | where type =~ 'microsoft.resources/subscriptions' or type =~ 'microsoft.resources/subscriptions/resourcegroups'
        | project id, name, type, location, tags, properties, managedBy, subscriptionId
        | order by id asc
        """;

    private const string Resources = """
        Resources
        | project id, name, type, location, kind, sku, plan, zones, tags, identity, managedBy, properties, subscriptionId
        | order by id asc
        """;

    private static readonly string[] Beside = ["kind", "sku", "plan", "zones", "identity"];
    private static readonly ReferenceTable References = new("Azure");
    private static readonly KeptFacts Facts = KeptFacts.Of("Azure");

    /// <summary>Everything of one subscription, its resources from a place on.</summary>
    /// <exception cref="RestException">It cannot be read to its end, or the identity does not see the subscription: Resource Graph leaves out what it may not show.</exception>
    public static async IAsyncEnumerable<Observation> ReadAsync(ResourceGraphQuery graph, string subscription, Place place, [EnumeratorCancellation] CancellationToken stop)
    {
        var visible = false;
        await foreach (var row in graph.RowsAsync(subscription, Containers, stop))
        {
            visible |= row.Text("type")?.Equals(AzureId.Subscription, StringComparison.OrdinalIgnoreCase) is true;
            foreach (var observation in Of(row, subscription))
            {
                yield return observation;
            }
        }

        if (!visible)
        {
            throw new RestException(CloudFault.Denied, "the subscription is not visible");
        }

        await foreach (var row in graph.RowsAsync(subscription, Resources, stop, place))
        {
            foreach (var observation in Of(row, subscription))
            {
                yield return observation;
            }
        }
    }

    internal static IEnumerable<Observation> Of(JsonElement row, string subscription)
    {
        if (row.Text("id") is not { } id || row.Text("type") is not { } told)
        {
            throw new RestException(CloudFault.Garbage, "a row without id or type");
        }

        var named = AzureId.Of(id);
        var type = AzureId.Spelled(told, named?.Type);
        var properties = row.Child("properties");
        var relations = new HashSet<Relation>();
        Contain(relations, named?.Parent, id);
        foreach (var (member, text) in Texts(row, type))
        {
            Refer(relations, (id, type), member, text, named?.Parent);
        }

        yield return Seen(id, type, row.Text("name") ?? named?.Name ?? id, row, properties, subscription);
        foreach (var subnet in type == Network ? properties?.Items("subnets") ?? [] : [])
        {
            foreach (var observation in SubnetOf(subnet, row, id, subscription, relations))
            {
                yield return observation;
            }
        }

        foreach (var relation in relations)
        {
            yield return new Observation.Related(relation);
        }
    }

    // Subnets are no rows of their own.
    private static IEnumerable<Observation> SubnetOf(JsonElement subnet, JsonElement row, string network, string subscription, HashSet<Relation> relations)
    {
        if (subnet.Text("id") is not { } id || AzureId.Of(id) is not { } named || !network.Equals(named.Parent, StringComparison.OrdinalIgnoreCase))
        {
            yield break;
        }

        Contain(relations, network, id);
        foreach (var (member, text) in NamedIds.Of(subnet.Child("properties")))
        {
            Refer(relations, (id, Subnet), member, text, network);
        }

        yield return new Observation.Seen(new Resource
        {
            Id = id, Type = Subnet, Name = subnet.Text("name") ?? named.Name, Provider = "azure", Account = subscription.ToLowerInvariant(), Region = Region(row),
            Status = subnet.Child("properties")?.Text("provisioningState"), Configuration = Facts.Of(subnet.Child("properties")),
        });
    }

    private static Observation.Seen Seen(string id, string type, string name, JsonElement row, JsonElement? properties, string subscription) => new(new Resource
    {
        Id = id,
        Type = type,
        Name = name,
        Provider = "azure",
        Account = subscription.ToLowerInvariant(),
        Region = Region(row),
        Status = properties?.Child("extended")?.Child("instanceView")?.Child("powerState")?.Text("displayStatus")
            ?? properties?.Text("state") ?? properties?.Text("status") ?? properties?.Text("provisioningState"),
        Tags = KeptFacts.Tags(row.Child("tags")),
        Configuration = Facts.Of(properties, Own(row)),
    });

    // What stands beside `properties`.
    private static JsonElement Own(JsonElement row) => JsonSerializer.SerializeToElement(
        Beside.Where(name => row.Child(name) is not null).ToDictionary(name => name, name => row.Child(name)!.Value));

    private static IEnumerable<(string Member, string Text)> Texts(JsonElement row, string type)
    {
        var properties = row.Child("properties");
        var within = type == Network
            ? KeptFacts.Members(properties ?? default).Where(member => member.Name != "subnets").SelectMany(member => NamedIds.Of(member.Value))
            : NamedIds.Of(properties);
        return within.Concat(NamedIds.Of(row.Child("identity"))).Concat(row.Text("managedBy") is { } manager ? [("managedBy", manager)] : []);
    }

    private static void Contain(HashSet<Relation> relations, string? container, string id)
    {
        if (container is not null)
        {
            relations.Add(new Relation(container, RelationType.Contains, id));
        }
    }

    private static void Refer(HashSet<Relation> relations, (string Id, string Type) naming, string member, string text, string? parent)
    {
        if (AzureId.Of(text, References.Knows) is { Type: not (AzureId.Subscription or AzureId.ResourceGroup) } named
            && !named.Id.Equals(parent, StringComparison.OrdinalIgnoreCase)
            && References.Of(naming, member, (named.Id, named.Type)) is { } relation)
        {
            relations.Add(relation);
        }
    }

    private static string? Region(JsonElement row) => row.Text("location") is { } location && location != "global" ? location : null;
}
