using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Tools.Tests;

/// <summary>What outsiders see, held in files. With UPDATE_GOLDEN set, a file is written anew: the change then shows in the diff.</summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An answer in both forms: NAME.md with who each part is from, and NAME.json.</summary>
    public static void Is(string name, Answer answer)
    {
        Is($"{name}.md", string.Join('\n', answer.Parts.Select(part => $"[{part.Trust}] {part.Text}")));
        Is($"{name}.json", answer.Structured!);
    }

    /// <summary>What a client is told of an operation.</summary>
    public static void IsSchema(string file, Operation operation) => Is(file, JsonSerializer.Serialize(new { operation.Description, operation.Schema }, Indented));

    public static void Is(string file, JsonNode shown) => Is(file, shown.ToJsonString(Indented));

    public static void Is(string file, string shown)
    {
        var path = Path.Combine(Repository.Root, "tests/Tools.Tests", file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, shown + "\n");
        }

        Assert.Equal(File.ReadAllText(path).TrimEnd(), shown);
    }
}
