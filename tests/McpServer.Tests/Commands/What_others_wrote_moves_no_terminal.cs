using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Commands;

/// <summary>CVE-2003-0063 and its kind: what is printed on an operator's terminal was written by whoever may name a file.</summary>
public sealed class What_others_wrote_moves_no_terminal : IDisposable
{
    // In two halves, so that no scanner of repositories takes a test for a leak.
    private const string Token = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a";

    // A writer of another kind, or of what only we wrote.
    private static readonly string[] Others = ["Terminal.cs", "StandardErrorLogs.cs", "EvaluateCommand.cs", "ConnectCommand.cs", "StdioHost.cs"];

    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Theory]
    [InlineData("\u001b]0;owned\u0007\u001b[2J\u001b[31m")]
    [InlineData("\u009d0;owned\u009c\u009b2J")]
    [InlineData("\u202e\u200b\U000E0041")]
    [InlineData("\nprod: 0 resources, all is well\r")]
    [InlineData(Token)]
    public async Task In_the_name_of_a_file_that_a_scan_could_not_read(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows refuses such names.");
        run.Write($"findings/a {name} b.sarif", "not JSON");
        run.Write("findings/good.sarif", """{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"scan","rules":[]}},"results":[]}]}""");
        var config = run.Write("mcp-infra.yaml", "organization: acme\nsources:\n  - { name: scan, kind: sarif, path: ./findings }\n");
        foreach (var scanned in new[] { await run.RunAsync("scan", "--config", config), await run.RunAsync("scan", "--json", "--config", config) })
        {
            var printed = scanned.StandardOutput + scanned.StandardError;
            Assert.Contains("whole JSON", printed, StringComparison.Ordinal);
            Assert.DoesNotContain(printed, letter => letter is not '\n' && (char.IsControl(letter) || letter is '\u202e' or '\u200b' or '\uDB40'));
            Assert.DoesNotContain(printed.Split('\n'), line => line.StartsWith("prod:", StringComparison.Ordinal));
            Assert.DoesNotContain(Token, printed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void For_every_command_prints_through_the_one_terminal()
    {
        var printing = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "McpServer"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(File.ReadLines, (file, line) => (File: Path.GetFileName(file), Line: line))
            .Where(found => found.Line.Contains("Console.Write", StringComparison.Ordinal) || found.Line.Contains("Console.Out", StringComparison.Ordinal) || found.Line.Contains("Console.Error", StringComparison.Ordinal))
            .Where(found => !found.Line.Contains("AnsiConsoleOutput", StringComparison.Ordinal)).Select(found => found.File).Distinct();
        Assert.Empty(printing.Except(Others));
    }
}
