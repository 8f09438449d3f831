using System.Diagnostics;
using System.Globalization;
using McpInfra.Guardrails.Audit;

namespace McpInfra.Guardrails.Tests.Audit;

/// <summary>This test program run again as a process that only writes a trail, to be killed or starved.</summary>
internal static class AuditChild
{
    private const string Variable = "MCP_INFRA_TEST_AUDIT_CHILD";

    /// <summary>Starts a child on a state folder; its output is one line for each begin that returned, and "refused" for one that threw.</summary>
    /// <param name="state">The state folder.</param>
    /// <param name="calls">How many calls it begins and ends; then it waits to be killed.</param>
    /// <param name="fileBlocks">The most that a file of its may grow to, in the shell's blocks; null for no limit.</param>
    public static Process Start(ScratchFolder state, int calls, int? fileBlocks = null)
    {
        var program = Environment.ProcessPath!;
        var start = fileBlocks is { } blocks
            ? new ProcessStartInfo("/bin/sh", ["-c", $"trap '' XFSZ; ulimit -f {blocks}; exec \"$0\"", program])
            : new ProcessStartInfo(program);
        start.Environment[Variable] = $"{calls}|{state.Path}";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.RedirectStandardOutput = true;
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    /// <summary>Whether this process is such a child; it has done its work when this returns.</summary>
    public static async Task<bool> RanAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('|', 2) is not [var calls, var state])
        {
            return false;
        }

        await RunAsync(int.Parse(calls, CultureInfo.InvariantCulture), state);
        return true;
    }

    private static async Task RunAsync(int calls, string state)
    {
        var trail = AuditTrail.Open(state, TimeProvider.System);
        for (var number = 1; number <= calls; number++)
        {
            var call = $"call_{Environment.ProcessId}_{number}";
            try
            {
                await trail.BeginAsync(Trails.Entry(call), durable: number % 10 == 0, CancellationToken.None);
                Console.WriteLine(call);
                if (number < calls)
                {
                    await trail.EndAsync(Trails.Entry(call, outcome: "answered"), CancellationToken.None);
                }
            }
            catch (IOException)
            {
                Console.WriteLine("refused");
                break;
            }
        }

        // The parent kills, or has died and the pipe is closed.
        await Console.In.ReadToEndAsync();
    }
}
