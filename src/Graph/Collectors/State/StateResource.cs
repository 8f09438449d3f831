using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Gives an object of a state the one shape for every provider.</summary>
internal static partial class StateResource
{
    private const string Builtin = "terraform_data";

    private static readonly string[] Names = ["name", "bucket", "function_name", "identifier", "cluster_identifier", "key_name", "domain", "domain_name", "alias"];
    private static readonly string[] OtherIds = ["arn", "id", "self_link", "url", "unique_id", "key_id", "dns_name", "unique_writer_identity", "email", "bucket_domain_name", "allocation_id"];

    /// <summary>Ids that name the object uniquely: ARN, Azure id, self-link; else made of what is known.</summary>
    public static string Id(StateInstance instance, string source)
    {
        var provider = instance.Provider;
        if (provider == instance.Engine)
        {
            return $"{provider}:{instance.Type}:{source}:{instance.Address}";
        }

        if (provider == "kubernetes") // An id is `namespace/name`, which things of any kind and cluster share.
        {
            return Uid(instance) ?? $"{instance.Engine}:{instance.Type}:{source}:{instance.Address}";
        }

        var id = instance.Text("id");
        return instance.Text("arn") ?? (provider == "gcp" ? instance.Text("self_link") : null)
            ?? (id is null ? $"{instance.Engine}:{instance.Type}:{source}:{instance.Address}" : IsUnique(id) ? id : $"{provider}:{TerraformTypes.ProviderType(instance.Type)}:{Account(instance)}:{id}");
    }

    public static Resource Of(StateInstance instance, string source)
    {
        var builtin = instance.Type == Builtin;
        var facts = builtin ? StateFacts.OfInput(instance) : StateFacts.Of(instance);
        var tags = builtin ? StateFacts.TagsOfInput(instance) : StateFacts.Tags(instance);
        var id = Id(instance, source);
        return new Resource
        {
            Id = id,
            Type = TerraformTypes.ProviderType(instance.Type),
            Name = Name(instance, tags, facts),
            Provider = instance.Provider,
            Account = Account(instance),
            Region = Region(instance),
            Status = instance.Provider == instance.Engine ? null : instance.Text("status") ?? instance.Text("instance_state"),
            Tags = tags,
            Aliases = Aliases(instance, id),
            Configuration = facts,
        };
    }

    /// <summary>Whether a provider's id can mean only one thing.</summary>
    public static bool IsUnique(string id) => id.Contains('/', StringComparison.Ordinal) || id.Contains(':', StringComparison.Ordinal) || Generated().IsMatch(id);

    /// <summary>Whether a provider made the value up as an id.</summary>
    public static bool IsGenerated(string value) => Generated().IsMatch(value) || value.StartsWith("arn:aws", StringComparison.Ordinal);

    private static string? Uid(StateInstance instance) =>
        instance.Text("unique_id") ?? (instance.Attributes.ValueKind is JsonValueKind.Object && instance.Attributes.TryGetProperty("metadata", out var metadata)
            && metadata.ValueKind is JsonValueKind.Array && metadata.GetArrayLength() == 1 && metadata[0].ValueKind is JsonValueKind.Object && metadata[0].TryGetProperty("uid", out var uid) && uid.ValueKind is JsonValueKind.String
            ? uid.GetString() : null);

    private static string[] Aliases(StateInstance instance, string id) => instance.Provider == instance.Engine
        ? instance.Type == Builtin && instance.Text("id") is { } uuid ? [uuid] : []
        : instance.Provider == "kubernetes" ? []
        : [.. OtherIds.Select(instance.Text).OfType<string>().Where(alias => alias != id && alias.Length <= 500).Distinct()];

    private static string Name(StateInstance instance, Dictionary<string, string> tags, System.Text.Json.Nodes.JsonObject facts)
    {
        if (instance.Type == Builtin)
        {
            return (facts["name"] ?? facts["bucket"])?.ToString() is { Length: > 0 } name ? name : instance.Name;
        }

        return instance.Provider == instance.Engine
            ? instance.Name
            : tags.GetValueOrDefault("Name") is { Length: > 0 } tag && instance.Type is not "aws_s3_bucket" ? tag
            : Names.Select(instance.Text).FirstOrDefault(text => text is not null) ?? LastPart(instance.Text("id")) ?? instance.Name;
    }

    private static string? LastPart(string? id) => id?.Split('/', ':')[^1];

    private static string? Account(StateInstance instance)
    {
        if (instance.Text("arn")?.Split(':', 6) is { Length: 6 } arn && arn[4].Length > 0)
        {
            return arn[4];
        }

        return instance.Text("id")?.Split('/') is ["", var word, var subscription, ..] && word.Equals("subscriptions", StringComparison.OrdinalIgnoreCase)
            ? subscription
            : instance.Text("owner_id") ?? instance.Text("project");
    }

    private static string? Region(StateInstance instance)
    {
        if (instance.Text("arn")?.Split(':', 6) is { Length: 6 } arn && arn[3].Length > 0)
        {
            return arn[3];
        }

        return instance.Text("region") ?? instance.Text("location")
            ?? (Zone().Match(instance.Text("availability_zone") ?? instance.Text("zone") ?? "") is { Success: true } zone ? zone.Groups[1].Value : null);
    }

    [GeneratedRegex("^([a-z]+-[0-9a-f]{8}([0-9a-f]{9})?|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$")]
    private static partial Regex Generated();

    [GeneratedRegex("^([a-z]+(?:-[a-z]+)*-?[a-z]*-?[0-9]+)-?[a-z]$")]
    private static partial Regex Zone();
}
