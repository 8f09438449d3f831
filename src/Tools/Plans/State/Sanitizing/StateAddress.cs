using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.State;

/// <summary>Addresses of a state's instances, as the engine writes them, and the provider each is of.</summary>
internal static class StateAddress
{
    private const string Before = "provider[\"";
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The address of an instance.</summary>
    public static string Of(StateResource resource, JsonObject instance)
    {
        var index = instance["index_key"] switch
        {
            null => "",
            JsonValue key when key.GetValueKind() is JsonValueKind.Number => $"[{key.ToJsonString()}]",
            var key => $"[{JsonSerializer.Serialize(key.GetValue<string>(), Plain)}]",
        };
        var deposed = instance["deposed"] is JsonValue former && former.GetValueKind() is JsonValueKind.String ? $" (deposed {former.GetValue<string>()})" : "";
        return $"{(resource.Module.Length > 0 ? resource.Module + "." : "")}{(resource.IsData ? "data." : "")}{resource.Type}.{resource.Name}{index}{deposed}";
    }

    /// <summary>The provider's address in `module.a.provider["registry.terraform.io/hashicorp/aws"].west`; empty in forms older than that.</summary>
    public static string Provider(string written)
    {
        var start = written.IndexOf(Before, StringComparison.Ordinal);
        var end = start < 0 ? -1 : written.IndexOf('"', start + Before.Length);
        return end > 0 ? written[(start + Before.Length)..end] : "";
    }
}

/// <summary>What a state says of a resource beside its instances.</summary>
/// <param name="Module">Address of its module; empty for the root.</param>
/// <param name="IsData">Whether it is read and not managed.</param>
/// <param name="Type">The engine's type.</param>
/// <param name="Name">Its name in code.</param>
/// <param name="Schema">What its provider's schema marks; null for nothing.</param>
internal sealed record StateResource(string Module, bool IsData, string Type, string Name, SensitiveNode? Schema);
