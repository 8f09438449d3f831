using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace McpInfra.TestKit;

/// <summary>The built `mcp-infra` as a process of its own, in a folder and with a state folder of its own, driven byte by byte.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mcp-infra-test-");
    private readonly StringBuilder errors = new();
    private readonly Process process;

    private ServerProcess(ProcessStartInfo start)
    {
        if (start.WorkingDirectory.Length == 0)
        {
            start.WorkingDirectory = folder.CreateSubdirectory("work").FullName;
        }

        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardInputEncoding = new UTF8Encoding(false);
        start.Environment["MCP_INFRA_HOME"] = State;
        process = new Process { StartInfo = start };
        process.Start();
    }

    /// <summary>The parameters' `_meta` of a client of the era without initialize, as a JSON member.</summary>
    public const string Meta = "\"_meta\":" + """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}""";

    /// <summary>Its state folder.</summary>
    public string State => Path.Combine(folder.FullName, "state");

    /// <summary>What it wrote to standard error, once it has ended.</summary>
    public string Errors => errors.ToString();

    /// <summary>Its process's id.</summary>
    public int Id => process.Id;

    /// <summary>Starts it.</summary>
    public static ServerProcess Start(params IEnumerable<string> arguments) => new(new ProcessStartInfo(RealClient.Executable, arguments));

    /// <summary>Starts it as another account.</summary>
    public static ServerProcess StartAs(OtherAccount account, params IEnumerable<string> arguments) => new(account.Start([account.Executable, .. arguments]));

    /// <summary>Writes a line.</summary>
    public async Task WriteAsync(string line)
    {
        await process.StandardInput.WriteAsync(line + "\n");
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Writes bytes as they are.</summary>
    public async Task WriteAsync(byte[] bytes)
    {
        await process.StandardInput.BaseStream.WriteAsync(bytes);
        await process.StandardInput.BaseStream.FlushAsync();
    }

    /// <summary>Reads the next message; what is no JSON fails here.</summary>
    public async Task<JsonElement> ReadAsync() =>
        JsonDocument.Parse(await process.StandardOutput.ReadLineAsync().WaitAsync(Deadline) ?? throw new EndOfStreamException(await ErrorsAsync())).RootElement;

    /// <summary>Reads a line of standard error.</summary>
    public async Task<string> ReadErrorAsync()
    {
        var line = await process.StandardError.ReadLineAsync().WaitAsync(Deadline) ?? throw new EndOfStreamException("Standard error ended.");
        errors.AppendLine(line);
        return line;
    }

    /// <summary>Ends its input.</summary>
    public void EndInput() => process.StandardInput.Close();

    /// <summary>Sends SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(Deadline);
    }

    /// <summary>Kills it, as a crash would.</summary>
    public void Crash() => process.Kill();

    /// <summary>Waits for its end; returns its exit code and what was left on standard output.</summary>
    public async Task<(int Exit, string Output)> EndAsync()
    {
        var rest = process.StandardOutput.ReadToEndAsync();
        await ErrorsAsync();
        await process.WaitForExitAsync().WaitAsync(Deadline);
        return (process.ExitCode, await rest.WaitAsync(Deadline));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().WaitAsync(Deadline);
        }

        process.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task<string> ErrorsAsync()
    {
        errors.Append(await process.StandardError.ReadToEndAsync().WaitAsync(Deadline));
        return errors.ToString();
    }
}
