using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.TestKit;

namespace McpInfra.Graph.Tests.Hcl;

/// <summary>HashiCorp's own parser, compiled for node in the npm package @cdktf/hcl2json.</summary>
internal static class HashiCorpsReader
{
    private const string Script = """
        const { parse } = require('@cdktf/hcl2json');
        let given = '';
        process.stdin.on('data', part => given += part).on('end', async () => {
          const answers = [];
          for (const text of JSON.parse(given)) {
            try { answers.push(await parse('main.tf', text)); } catch { answers.push(null); }
          }
          process.stdout.write(JSON.stringify(answers), () => process.exit(0));
        });
        """;

    /// <summary>What it reads in each text; null where it refuses one.</summary>
    public static async Task<IReadOnlyList<JsonNode?>> ReadAsync(IReadOnlyList<string> texts)
    {
        var folder = Environment.GetEnvironmentVariable("MCP_INFRA_TEST_NODE") ?? Path.Combine(Repository.Root, ".cache", "node");
        var modules = Path.Combine(folder, "node_modules");
        if (!Directory.Exists(Path.Combine(modules, "@cdktf", "hcl2json")))
        {
            throw Skip.Because("npm package @cdktf/hcl2json is not installed");
        }

        var start = new ProcessStartInfo(Skip.UnlessFound("node"), ["-e", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["NODE_PATH"] = modules;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(texts).AsMemory(), deadline.Token);
        node.StandardInput.Close();
        var said = await node.StandardOutput.ReadToEndAsync(deadline.Token);
        return [.. JsonNode.Parse(said)!.AsArray()];
    }
}
