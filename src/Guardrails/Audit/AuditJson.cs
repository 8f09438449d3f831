using System.Text.Json;

namespace McpInfra.Guardrails.Audit;

/// <summary>How heads and the index are written, and how strictly they are read: every member, no other, none twice.</summary>
internal static class AuditJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
}
