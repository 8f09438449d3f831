using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Graph.Tests.State;

/// <summary>Writes states as terraform does.</summary>
internal static class StateText
{
    public static string Of(params JsonObject[] resources) => new JsonObject
    {
        ["version"] = 4, ["terraform_version"] = "1.11.4", ["serial"] = 7, ["lineage"] = "3f6b", ["outputs"] = new JsonObject
        {
            ["password"] = new JsonObject { ["value"] = "output-secret-1", ["type"] = "string", ["sensitive"] = true },
        },
        ["resources"] = new JsonArray([.. resources]),
    }.ToJsonString();

    public static JsonObject Resource(string type, string name, string attributes, string[]? dependencies = null, string sensitive = "[]", string? module = null, string? key = null, string mode = "managed")
    {
        var instance = new JsonObject { ["schema_version"] = 0, ["attributes"] = JsonNode.Parse(attributes), ["sensitive_attributes"] = JsonNode.Parse(sensitive) };
        if (key is not null)
        {
            instance["index_key"] = JsonNode.Parse(key);
        }

        if (dependencies is not null)
        {
            instance["dependencies"] = JsonSerializer.SerializeToNode(dependencies);
        }

        var resource = new JsonObject { ["mode"] = mode, ["type"] = type, ["name"] = name, ["provider"] = "provider[\"registry.terraform.io/hashicorp/aws\"]", ["instances"] = new JsonArray(instance) };
        if (module is not null)
        {
            resource["module"] = module;
        }

        return resource;
    }
}
