using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace McpInfra.TestKit;

/// <summary>What a tool call gave back.</summary>
public sealed record ToolAnswer(CallToolResult Result)
{
    /// <summary>Its text.</summary>
    public string Text => string.Join("\n", Result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    /// <summary>Whether it is an error: a refusal or a fault.</summary>
    public bool IsError => Result.IsError is true;

    /// <summary>The refusal's object, or null when it was not refused.</summary>
    public JsonObject? Denied => Result.Meta?["mcp-infra/denied"] as JsonObject;

    /// <summary>The guard that refused, or null.</summary>
    public string? Guard => (string?)Denied?["guard"];

    /// <summary>The structured content, when it was asked for and there is some.</summary>
    public JsonElement? Structured => Result.StructuredContent;
}
