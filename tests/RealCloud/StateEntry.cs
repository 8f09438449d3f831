using System.Text.Json;

namespace McpInfra.RealCloud;

/// <summary>A resource of a state: its address, the block's type and name, and how the provider knows it.</summary>
public sealed record StateEntry(string Address, string Type, string Name, string Id, string? Arn)
{
    private static readonly string[] Parts = ["association", "attachment", "rule", "configuration", "versioning", "block", "alias"];

    public static IEnumerable<StateEntry> Of(JsonElement resource)
    {
        var (type, name) = (Text(resource, "type")!, Text(resource, "name")!);
        var module = Text(resource, "module") is { } path ? path + "." : "";
        return Parts.Contains(type.Split('_')[^1]) ? [] : resource.GetProperty("instances").EnumerateArray().Select(instance => new StateEntry(
            $"{module}{type}.{name}{Key(instance)}", type, name, Text(instance.GetProperty("attributes"), "id")!, Text(instance.GetProperty("attributes"), "arn")));
    }

    private static string Key(JsonElement instance) => !instance.TryGetProperty("index_key", out var key) ? ""
        : key.ValueKind == JsonValueKind.Number ? $"[{key.GetInt32()}]" : $"[\"{key.GetString()}\"]";

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var text) ? text.GetString() : null;
}
