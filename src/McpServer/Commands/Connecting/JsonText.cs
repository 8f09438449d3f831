using System.Text.Encodings.Web;
using System.Text.Json;

namespace McpInfra.Host.Commands.Connecting;

/// <summary>How configurations are written: for people to read.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions Readable { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
