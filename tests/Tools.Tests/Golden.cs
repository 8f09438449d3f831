using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Tools.Tests;

/// <summary>What outsiders see, held in files. With UPDATE_GOLDEN set, a file is written anew: the change then shows in the diff.</summary>
internal static class Golden
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
