using System.Diagnostics;
using System.Text;

namespace McpInfra.Benchmarks.Stdio;

/// <summary>Drives a server over stdio line by line, so that the client's own cost is small and the same for every server.</summary>
internal sealed class LineClient : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly Process process;

    public LineClient(string program, IReadOnlyList<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardInputEncoding = new UTF8Encoding(false),
        };
        if (folder is not null)
        {
            start.WorkingDirectory = folder;
            start.Environment["MCP_INFRA_HOME"] = Path.Combine(folder, "state");
        }

        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>Resident bytes now.</summary>
    public long Resident
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Processor time that the server has taken.</summary>
    public TimeSpan Taken
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>A call in the era without initialize.</summary>
    public static string Call(int id, string tool, string arguments) => $$"""
        {"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":{"name":"{{tool}}","arguments":{{arguments}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } } }
        """;

    /// <summary>Makes so many calls, so many at once; returns how long they took.</summary>
    public async Task<TimeSpan> CallAsync(string tool, string arguments, int calls, int atOnce)
    {
        var started = Stopwatch.GetTimestamp();
        var sent = 0;
        for (; sent < Math.Min(atOnce, calls); sent++)
        {
            await process.StandardInput.WriteLineAsync(Call(sent, tool, arguments));
        }

        await process.StandardInput.FlushAsync();
        for (var answered = 0; answered < calls; answered++)
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
            if (line is null || !line.Contains("\"content\"", StringComparison.Ordinal) || line.Contains("\"isError\":true", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"A call went wrong: {line}");
            }

            if (sent < calls)
            {
                await process.StandardInput.WriteLineAsync(Call(sent++, tool, arguments));
                await process.StandardInput.FlushAsync();
            }
        }

        return Stopwatch.GetElapsedTime(started);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Deadline);
        process.Dispose();
    }
}
