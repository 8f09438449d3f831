using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Guardrails.Pinning;

/// <summary>Something that models are told of a server: an operation with its description and schema, or its instructions.</summary>
/// <param name="Item">Kind and name ("tool plan_change", "instructions"); unique in a server.</param>
/// <param name="Text">Everything a model is told of it, in one canonical form.</param>
public sealed record PinnedText(string Item, string Text)
{
    /// <summary>SHA-256 of the text, hexadecimal: what is pinned.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>An operation: its tier, description and schema.</summary>
    public static PinnedText Of(Operation operation) => new(
        $"{operation.Kind.ToString().ToLowerInvariant()} {operation.Name}",
        new JsonObject { ["tier"] = operation.Tier.ToString().ToLowerInvariant(), ["description"] = operation.Description, ["schema"] = JsonSerializer.SerializeToNode(operation.Schema) }.ToJsonString());
}
