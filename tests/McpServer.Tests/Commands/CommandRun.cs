using CliWrap;
using CliWrap.Buffered;
using McpInfra.TestKit;

namespace McpInfra.Host.Tests.Commands;

/// <summary>The built program, run as a person would, in a folder and with a state of the test's own.</summary>
internal sealed class CommandRun : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    public string Folder { get; } = Directory.CreateTempSubdirectory("mcp-infra-command-").FullName;

    public string Home => System.IO.Path.Combine(Folder, "home");

    public string Work => Directory.CreateDirectory(System.IO.Path.Combine(Folder, "work")).FullName;

    /// <summary>PATH of the program; null for this process's own.</summary>
    public string? Path { get; set; }

    public async Task<BufferedCommandResult> RunAsync(params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        return await Cli.Wrap(RealClient.Executable).WithArguments(arguments).WithWorkingDirectory(Work)
            .WithEnvironmentVariables(variables => variables.Set("MCP_INFRA_HOME", Home).Set("MCP_INFRA_CONFIG", null).Set("HOME", Folder).Set("XDG_CONFIG_HOME", null).Set("CODEX_HOME", null).Set("PATH", Path ?? Environment.GetEnvironmentVariable("PATH")))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(deadline.Token);
    }

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Work, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
