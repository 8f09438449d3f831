using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph.Collectors.Rest;
using McpInfra.Graph.Drift;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Values of properties that a cloud found to differ, as they are kept: text by the names that the cloud's collector keeps, and never by a name or a shape of secrets.</summary>
/// <param name="facts">The names.</param>
internal sealed class KeptValues(KeptFacts facts)
{
    private const int MostText = 400;
    private const string Tags = "tags";

    private static readonly string[] FreeText = ["Environment", "EnvironmentVariables", "Variables", "Parameters", "appSettings", "commandToExecute", "customData"];

    /// <summary>The value; null for one that is not kept.</summary>
    /// <param name="steps">The names that lead to it.</param>
    /// <param name="value">JSON or text; null for nothing.</param>
    public string? Of(string[] steps, string? value)
    {
        if (steps.Any(step => SecretShapes.IsSecretName(step) || FreeText.Contains(step, StringComparer.OrdinalIgnoreCase)))
        {
            return null;
        }

        if (value is null or "null" or "undefined")
        {
            return Values.NotSet;
        }

        if (steps[0].Equals(Tags, StringComparison.OrdinalIgnoreCase))
        {
            return value.Length > MostText || SecretShapes.IsSecretName(value) || SecretShapes.IsSecretValue(value) ? null : value;
        }

        var name = steps.LastOrDefault(step => !int.TryParse(step, out _)) ?? steps[^1];
        var kept = facts.Of(JsonSerializer.SerializeToElement(new JsonObject { [name] = Parsed(value) }));
        return kept.Count == 0 ? null : kept.Count == 1 && kept[name] is JsonValue only ? only.ToString() : kept.ToJsonString();
    }

    private static JsonNode? Parsed(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }
}
