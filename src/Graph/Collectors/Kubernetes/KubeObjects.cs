using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>Gives a cluster's objects the one shape, with what they say of each other.</summary>
internal sealed class KubeObjects(KubeNames names, Selectors selectors)
{
    private static readonly KeptFacts Facts = KeptFacts.Of("Kubernetes");
    private static readonly string[] Ready = ["Ready", "Available", "Complete", "Failed"];

    public IEnumerable<Observation> Of(JsonElement item, ApiKind kind)
    {
        var about = item.Child("metadata") ?? default;
        if (about.Text("uid") is not { } id || about.Text("name") is not { } name)
        {
            throw new RestException(CloudFault.Garbage, "an object without uid or name");
        }

        var space = about.Text("namespace");
        var owners = about.Items("ownerReferences").Select(owner => owner.Text("uid")).OfType<string>().Distinct().ToList();
        yield return new Observation.Seen(new Resource
        {
            Id = id,
            Type = kind.Type,
            Name = name,
            Provider = "kubernetes",
            Account = names.Cluster,
            Region = kind.Type == "v1/Node" ? about.Child("labels")?.Text("topology.kubernetes.io/region") : null,
            Status = Status(item, kind.Type),
            Tags = KeptFacts.Tags(about.Child("labels")),
            Aliases = [names.Of(kind.Type, space, name)!],
            Configuration = FactsOf(item, about, kind, space),
        });
        var relations = owners.Select(owner => new Relation(owner, RelationType.Owns, id)).Concat(owners.Count > 0 ? [] : Contained(id, space))
            .Concat(owners.Count > 0 && kind.Type != "v1/Pod" ? [] : KubeReferences.Of(item, id, kind.Type, space, names).Where(relation => owners.Count == 0 || relation.Type is RelationType.Hosts))
            .Concat(Chosen(item, id, kind.Type, space, owners.Count > 0));
        foreach (var relation in relations.Distinct())
        {
            yield return new Observation.Related(relation);
        }
    }

    private IEnumerable<Relation> Contained(string id, string? space) => [new Relation(names.Of("v1/Namespace", null, space) ?? names.ClusterId, RelationType.Contains, id)];

    private IReadOnlyList<Relation> Chosen(JsonElement item, string id, string type, string? space, bool owned)
    {
        var spec = item.Child("spec") ?? default;
        switch (type)
        {
            case "v1/Service":
                selectors.Note(space, spec.Child("selector"), emptyIsAll: false, chosen => new Relation(id, RelationType.ConnectedTo, chosen));
                return [];
            case "networking.k8s.io/NetworkPolicy":
                selectors.Note(space, spec.Child("podSelector"), emptyIsAll: true, chosen => new Relation(chosen, RelationType.SecuredBy, id));
                return [];
            case "policy/PodDisruptionBudget":
                selectors.Note(space, spec.Child("selector"), emptyIsAll: true, chosen => new Relation(id, RelationType.AttachedTo, chosen));
                return [];
            case "v1/Pod" when !owned:
                return selectors.Of(space, id, item.Child("metadata")?.Child("labels"));
            case "apps/Deployment" or "apps/StatefulSet" or "apps/DaemonSet" or "apps/ReplicaSet" when !owned:
                return selectors.Of(space, id, spec.Child("template")?.Child("metadata")?.Child("labels"));
            default:
                return [];
        }
    }

    private static JsonObject FactsOf(JsonElement item, JsonElement about, ApiKind kind, string? space)
    {
        var facts = kind.Type switch
        {
            "v1/Secret" => [],
            "v1/ConfigMap" => [],
            "rbac.authorization.k8s.io/Role" or "rbac.authorization.k8s.io/ClusterRole" => Facts.Of(item),
            "rbac.authorization.k8s.io/RoleBinding" or "rbac.authorization.k8s.io/ClusterRoleBinding" => Facts.Of(item),
            "storage.k8s.io/StorageClass" => Facts.Of(item),
            "v1/Node" => Facts.Of(item.Child("status")?.Child("nodeInfo"), item.Child("spec")),
            _ => Facts.Of(item.Child("spec")),
        };
        if (kind.Type is "v1/Secret" or "v1/ConfigMap")
        {
            facts["keys"] = Collectors.Facts.List(Keys(item, about));
            facts["type"] = item.Text("type");
        }

        facts["namespace"] = space;
        foreach (var empty in facts.Where(fact => fact.Value is null or JsonArray { Count: 0 }).Select(fact => fact.Key).ToList())
        {
            facts.Remove(empty);
        }

        return facts;
    }

    // Who wrote an object tells the fields that it wrote, so the keys are known without any value.
    private static IEnumerable<string> Keys(JsonElement item, JsonElement about) => KeptFacts.Members(item.Child("data") ?? default).Select(member => member.Name)
        .Concat(KeptFacts.Members(item.Child("stringData") ?? default).Select(member => member.Name))
        .Concat(KeptFacts.Members(item.Child("binaryData") ?? default).Select(member => member.Name))
        .Concat(about.Items("managedFields").Select(written => written.Child("fieldsV1")?.Child("f:data")).OfType<JsonElement>().SelectMany(KeptFacts.Members).Select(member => member.Name)
            .Where(field => field.StartsWith("f:", StringComparison.Ordinal)).Select(field => field[2..]))
        .Distinct(StringComparer.Ordinal);

    private static string? Status(JsonElement item, string type)
    {
        var status = item.Child("status") ?? default;
        return status.Text("phase") ?? (type is "v1/Node" or "apps/Deployment" or "batch/Job" ? Condition(status) : null);
    }

    private static string? Condition(JsonElement status) => status.Items("conditions").Where(condition => Ready.Contains(condition.Text("type")))
        .Select(condition => condition.Text("status") == "True" ? condition.Text("type") : condition.Text("type") is "Ready" or "Available" ? "Not" + condition.Text("type") : null)
        .FirstOrDefault(word => word is not null);
}
