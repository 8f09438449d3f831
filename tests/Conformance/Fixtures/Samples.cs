using System.Text.Json.Nodes;

namespace McpInfra.Conformance.Fixtures;

/// <summary>Content of every form.</summary>
internal static class Samples
{
    /// <summary>A red pixel.</summary>
    public const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

    /// <summary>A sound of no length.</summary>
    public const string Wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

    public static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    public static JsonObject Image => new() { ["type"] = "image", ["data"] = Png, ["mimeType"] = "image/png" };

    public static JsonObject Audio => new() { ["type"] = "audio", ["data"] = Wav, ["mimeType"] = "audio/wav" };

    public static JsonObject Resource(string uri, string type, string text) =>
        new() { ["type"] = "resource", ["resource"] = new JsonObject { ["uri"] = uri, ["mimeType"] = type, ["text"] = text } };

    public static JsonObject Content(params IEnumerable<JsonObject> blocks) => new() { ["content"] = new JsonArray([.. blocks]) };

    public static JsonObject Messages(params IEnumerable<JsonObject> blocks) =>
        new() { ["messages"] = new JsonArray([.. blocks.Select(block => new JsonObject { ["role"] = "user", ["content"] = block })]) };

    public static JsonObject Object(params IEnumerable<(string Name, JsonObject Schema)> properties) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject([.. properties.Select(property => KeyValuePair.Create<string, JsonNode?>(property.Name, property.Schema))]),
        ["required"] = new JsonArray([.. properties.Select(property => JsonValue.Create(property.Name))]),
    };

    public static JsonObject Sampling(string prompt, int tokens) => new()
    {
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Text(prompt) }),
        ["maxTokens"] = tokens,
    };

    public static JsonObject Elicitation(string message, JsonObject schema) => new() { ["mode"] = "form", ["message"] = message, ["requestedSchema"] = schema };
}
