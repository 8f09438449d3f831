using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Graph.Collectors.State;

/// <summary>What a part says of its owner, as facts of the owner.</summary>
internal static class StateParts
{
    private static readonly string[] Blocks = ["public_access_block", "ownership", "acl"];

    /// <summary>Adds the part's facts to its owner's.</summary>
    public static void Describe(StateInstance part, string fact, JsonObject owner)
    {
        if (fact == "encryption")
        {
            owner[fact] = Encryption(part);
        }
        else if (fact == "versioning")
        {
            owner[fact] = Inner(part.Attributes, "versioning_configuration", "status") is { ValueKind: JsonValueKind.String } status ? status.GetString() : "configured";
        }
        else if (Blocks.Contains(fact))
        {
            owner[fact] = Scalars(part);
        }
        else
        {
            owner[$"{fact}s"] = (owner[$"{fact}s"]?.GetValue<int>() ?? 0) + 1;
            Compare(part, fact, owner);
        }
    }

    private static void Compare(StateInstance part, string fact, JsonObject owner)
    {
        switch (fact)
        {
            case "rule":
                SecurityRules.Add(part, owner);
                break;
            case "route":
                RouteLines.Add(part, owner);
                break;
        }
    }

    private static JsonObject Encryption(StateInstance part)
    {
        var facts = new JsonObject();
        var rule = Inner(part.Attributes, part.Engine == "pulumi" ? "rules" : "rule", "apply_server_side_encryption_by_default");
        foreach (var name in new[] { "sse_algorithm", "kms_master_key_id" })
        {
            if (First(rule) is { ValueKind: JsonValueKind.Object } first && first.TryGetProperty(name, out var value) && StateFacts.Safe(part, "rule", value) is { } safe)
            {
                facts[name] = safe;
            }
        }

        return facts;
    }

    private static JsonObject Scalars(StateInstance part)
    {
        var facts = new JsonObject();
        foreach (var member in StateFacts.Members(part.Attributes).Where(member => member.Name is not ("id" or "bucket" or "region" or "expected_bucket_owner")))
        {
            if (!SecretShapes.IsSecretName(member.Name) && StateFacts.Safe(part, member.Name, member.Value) is { } value)
            {
                facts[member.Name] = value;
            }
        }

        return facts;
    }

    /// <summary>A block is a list of one object; Pulumi writes the object alone.</summary>
    private static JsonElement Inner(JsonElement value, string block, string name) =>
        value.ValueKind is JsonValueKind.Object && value.TryGetProperty(block, out var list) && First(list) is { ValueKind: JsonValueKind.Object } first && first.TryGetProperty(name, out var inner) ? inner : default;

    private static JsonElement First(JsonElement block) => block.ValueKind is JsonValueKind.Object ? block : block.ValueKind is JsonValueKind.Array && block.GetArrayLength() > 0 ? block[0] : default;
}
