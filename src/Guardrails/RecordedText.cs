using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Guardrails;

/// <summary>Names that strangers chose, as the trail keeps them: short, seen whole, and no secrets.</summary>
internal static class RecordedText
{
    private const int MostOperation = 64;
    private const int MostClient = 128;

    /// <summary>The name of an operation that does not exist, redacted before it is cut.</summary>
    public static string Asked(string name, Func<JsonElement, JsonNode?> redact) =>
        Cut(redact(JsonElements.Of(JsonValue.Create(name)))?.GetValue<string>() ?? "", MostOperation);

    /// <summary>A client's name for itself.</summary>
    public static string? Short(string? client) => client is null ? null : Cut(client, MostClient);

    private static string Cut(string text, int most) => Printable.Line(text.Length > most ? text[..most] : text);
}
