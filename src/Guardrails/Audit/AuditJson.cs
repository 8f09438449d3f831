using System.Text.Json.Serialization;

namespace McpInfra.Guardrails.Audit;

/// <summary>How heads and the index are written, and how strictly they are read: every member, no other, none twice.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AuditHead.Document), TypeInfoPropertyName = "Head")]
[JsonSerializable(typeof(AuditIndex.Document), TypeInfoPropertyName = "Index")]
internal sealed partial class AuditJson : JsonSerializerContext;
