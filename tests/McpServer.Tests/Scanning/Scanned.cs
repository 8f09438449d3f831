using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Scanning;

/// <summary>A folder with a configuration, scanned by the built `mcp-infra` and asked by a real client.</summary>
internal sealed class Scanned : IDisposable
{
    private readonly IReadOnlyDictionary<string, string?> environment;

    /// <param name="sources">`sources:` and what is below it.</param>
    /// <param name="environment">Variables of the server's account.</param>
    /// <param name="store">What `store:` says.</param>
    public Scanned(string sources, IReadOnlyDictionary<string, string?>? environment = null, string store = "{ sqlite: ./state }")
    {
        this.environment = environment ?? new Dictionary<string, string?>();
        File.WriteAllText(Configuration, $"organization: acme\nstore: {store}\n{sources}\n");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("scanned-").FullName;

    public string Configuration => Path.Combine(Folder, "mcp-infra.yaml");

    public async Task<BufferedCommandResult> ScanAsync() => await Cli.Wrap(RealClient.Executable).WithArguments(["scan", "--config", Configuration])
        .WithWorkingDirectory(Folder).WithEnvironmentVariables(environment).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(TestContext.Current.CancellationToken);

    /// <summary>Scans, and connects a client.</summary>
    public async Task<RealClient> ServeAsync()
    {
        var run = await ScanAsync();
        Assert.True(run.ExitCode == 0, run.StandardOutput + run.StandardError);
        return await RealClient.OverStdioAsync(["serve", "--config", Configuration], Folder, environment);
    }

    /// <summary>Names of what a search finds, in order.</summary>
    public static async Task<string> NamesAsync(RealClient client, object query)
    {
        var answer = await client.CallAsync("search_resources", query, structured: true, stop: TestContext.Current.CancellationToken);
        Assert.False(answer.IsError, answer.Text);
        return string.Join(' ', answer.Structured!.Value.GetProperty("resources").EnumerateArray().Select(resource => resource.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
    }

    /// <summary>Names of what a trace reaches.</summary>
    public static async Task<IReadOnlySet<string>> TraceAsync(RealClient client, string resource, string direction)
    {
        var answer = await client.CallAsync("trace_resources", new { resource, direction }, structured: true, stop: TestContext.Current.CancellationToken);
        Assert.False(answer.IsError, answer.Text);
        return answer.Structured!.Value.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("resource").GetProperty("name").GetString()!).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Everything that was written to the folder, as text.</summary>
    public string Written() => string.Join('\n', Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(file => file != Configuration && !file.EndsWith(".lock", StringComparison.Ordinal)).Select(Text));

    private static string Text(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)); // The server still writes some.
        return reader.ReadToEnd();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
