using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using McpInfra.TestKit;

namespace McpInfra.Benchmarks.States;

/// <summary>`plan_change` of a real client on a large state, after plain `terraform plan` and `terraform show -json` on the same one.</summary>
internal static class LargeStatePlanBenchmark
{
    private const int InstancesOfOne = 50;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <summary>Prints what it took; 0.</summary>
    /// <param name="megabytes">Size of the state.</param>
    /// <param name="kilobytes">Size of each resource instance in it.</param>
    /// <param name="withPlain">Whether plain terraform comes first.</param>
    /// <param name="output">Where to.</param>
    /// <param name="stop">Cancels.</param>
    public static async Task<int> RunAsync(int megabytes, int kilobytes, bool withPlain, TextWriter output, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("mcp-infra-large-state-");
        try
        {
            var (plain, infra) = (folder.CreateSubdirectory("plain").FullName, folder.CreateSubdirectory("infra").FullName);
            var blocks = Math.Max(1, megabytes * 1000 / kilobytes / InstancesOfOne);
            foreach (var work in new[] { plain, infra })
            {
                await File.WriteAllTextAsync(Path.Combine(work, "main.tf"), Code(blocks, kilobytes), stop);
                await WriteStateAsync(Path.Combine(work, "terraform.tfstate"), blocks, kilobytes, stop);
            }

            var size = new FileInfo(Path.Combine(plain, "terraform.tfstate")).Length;
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{size / 1e6:0} MB, {blocks * InstancesOfOne} instances of terraform_data"));
            foreach (var arguments in withPlain ? new string[][] { ["plan", "-input=false", "-no-color", "-lock=false", "-out=plan"], ["show", "-json", "plan"] } : [])
            {
                await output.WriteLineAsync(await PlainAsync(plain, arguments, stop));
            }

            await output.WriteLineAsync(await OursAsync(infra, folder.FullName, stop));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> PlainAsync(string folder, string[] arguments, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("terraform", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, Environment = { ["CHECKPOINT_DISABLE"] = "1" } })!;
        var draining = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, stop);
        var (processor, memory) = (TimeSpan.Zero, 0L);
        for (var exit = process.WaitForExitAsync(stop); await Task.WhenAny(exit, Task.Delay(Glance, stop)) != exit;)
        {
            process.Refresh();
            (processor, memory) = (process.TotalProcessorTime, Math.Max(memory, process.WorkingSet64));
        }

        await draining;
        return string.Create(CultureInfo.InvariantCulture, $"terraform {arguments[0]}: exit code {process.ExitCode}, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, {processor.TotalSeconds:0} s of processors, {memory / 1e6:0} MB at most");
    }

    private static async Task<string> OursAsync(string repository, string folder, CancellationToken stop)
    {
        string[][] steps = [["init", "-q", "-b", "main"], ["add", "main.tf"], ["-c", "user.name=b", "-c", "user.email=b@b", "commit", "-q", "-m", "stack"]];
        foreach (var step in steps)
        {
            await Cli.Wrap("git").WithArguments(step).WithWorkingDirectory(repository).ExecuteBufferedAsync(stop);
        }

        var config = Path.Combine(folder, "mcp-infra.yaml");
        await File.WriteAllTextAsync(config, $$"""organization: acme{{'\n'}}repositories: [ { name: infra, url: "{{repository}}", stacks: [ { path: . } ] } ]""", stop);
        await using var client = await RealClient.OverStdioAsync(["serve", "--config", config], folder, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = Path.Combine(folder, "state") });
        var started = Stopwatch.GetTimestamp();
        ToolAnswer answer;
        do
        {
            answer = await client.CallAsync("plan_change", new { repository = "infra", stack = "." }, structured: true, stop: stop);
        }
        while (answer.Structured is { } running && running.GetProperty("status").GetString() == "running");

        return string.Create(CultureInfo.InvariantCulture, $"plan_change: {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s: {answer.Text.ReplaceLineEndings(" ")[..Math.Min(answer.Text.Length, 400)]}");
    }

    private static string Text(int kilobytes) => string.Concat(Enumerable.Repeat("what the team wrote down ", kilobytes * 20 - 8));

    private static string Code(int blocks, int kilobytes) => string.Concat(Enumerable.Range(0, blocks).Select(block => $$"""
        resource "terraform_data" "r{{block}}" {
          count = {{InstancesOfOne}}
          input = { name = "r{{block}}-${count.index}", text = local.text }
        }

        """)) + $"locals {{\n  text = \"{Text(kilobytes)}\"\n}}\n";

    private static async Task WriteStateAsync(string path, int blocks, int kilobytes, CancellationToken stop)
    {
        await using var file = File.Create(path);
        await using var writer = new Utf8JsonWriter(file);
        writer.WriteStartObject();
        writer.WriteNumber("version", 4);
        writer.WriteString("terraform_version", "1.11.4");
        writer.WriteNumber("serial", 1);
        writer.WriteString("lineage", "6f1d8a0e-0000-4000-8000-000000000000");
        writer.WriteStartObject("outputs");
        writer.WriteEndObject();
        writer.WriteStartArray("resources");
        var text = Text(kilobytes);
        for (var block = 0; block < blocks; block++)
        {
            JsonSerializer.Serialize(writer, new
            {
                mode = "managed",
                type = "terraform_data",
                name = $"r{block}",
                provider = "provider[\"terraform.io/builtin/terraform\"]",
                instances = Enumerable.Range(0, InstancesOfOne).Select(key => Instance(block, key, text)),
            });
            await writer.FlushAsync(stop);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static object Instance(int block, int key, string text)
    {
        var value = new { value = new { name = $"r{block}-{key}", text }, type = new object[] { "object", new { name = "string", text = "string" } } };
        return new
        {
            index_key = key,
            schema_version = 0,
            attributes = new { id = string.Create(CultureInfo.InvariantCulture, $"9d0c7f3a-0000-4000-8000-{block:x8}{key:x4}"), input = value, output = value, triggers_replace = (string?)null },
            sensitive_attributes = Array.Empty<string>(),
        };
    }
}
