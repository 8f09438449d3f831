using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.State;

/// <summary>A value of a type that only it knows is written with its type beside it; the plan shows the value alone.</summary>
internal static class DynamicValue
{
    /// <summary>Whether the node is a value with its type.</summary>
    public static bool Is(JsonObject node) =>
        node.Count == 2 && node.ContainsKey("value") && node["type"] switch
        {
            JsonValue type => type.GetValueKind() is JsonValueKind.String && type.GetValue<string>() is "string" or "number" or "bool" or "dynamic",
            JsonArray { Count: 2 } type => type[0] is JsonValue kind && kind.GetValueKind() is JsonValueKind.String && kind.GetValue<string>() is "list" or "set" or "map" or "object" or "tuple",
            _ => false,
        };

    /// <summary>The value without its type.</summary>
    public static JsonNode? Unwrapped(JsonNode? node) => node is JsonObject wrapper && Is(wrapper) ? wrapper["value"] : node;
}
