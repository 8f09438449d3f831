using System.Text.Json;

namespace McpInfra.Graph.Collectors;

/// <summary>Reads JSON answers of clouds, where anything may be absent or of another kind.</summary>
internal static class JsonAnswers
{
    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null ? child : null;

    /// <summary>A text; null when it is absent, empty or no text.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } child && child.GetString() is { Length: > 0 } text ? text : null;

    public static int? Number(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Number } child && child.TryGetInt32(out var number) ? number : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Array } child ? child.EnumerateArray() : [];

    public static IEnumerable<string?> Texts(this JsonElement element, string name) =>
        element.Items(name).Select(i => i.ValueKind == JsonValueKind.String ? i.GetString() : null);
}
