using System.Text.Json;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>JSON documents of mirrors and registries.</summary>
internal static class Documents
{
    /// <summary>The document's root object; null when there is none.</summary>
    /// <exception cref="EngineException">It did not come, or is no JSON object.</exception>
    public static async Task<JsonElement?> ReadAsync(Downloads downloads, Uri url, int most, CancellationToken stop)
    {
        if (await downloads.ReadAsync(url, most, stop) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : throw Strange(url);
        }
        catch (JsonException exception)
        {
            throw Strange(url, exception);
        }
    }

    /// <summary>A string of an object.</summary>
    /// <exception cref="EngineException">It is absent.</exception>
    public static string Text(JsonElement parent, string name, Uri document) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : throw Strange(document);

    /// <summary>An address in an object, absolute or relative to the document.</summary>
    /// <exception cref="EngineException">It is absent or no address.</exception>
    public static Uri Address(JsonElement parent, string name, Uri document) =>
        Uri.TryCreate(document, Text(parent, name, document), out var address) ? address : throw Strange(document);

    private static EngineException Strange(Uri url, Exception? inner = null) => new($"{url.Host} does not answer as a provider mirror or registry does. Check engines.terraform.cli_config.", inner);
}
