using System.ComponentModel;
using System.Diagnostics;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// The outermost process of a cage under its watch: ended when it passes its time or memory, or when asked.
/// One thread starts it and lives as long as it does, because the kernel ends a `--die-with-parent` child with the thread that started it.
/// </summary>
internal sealed class CagedProcess : IDisposable
{
    private const int Killed = 128 + 9;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly SandboxLimits limits;
    private readonly ControlGroup? group;
    private readonly CancellationTokenSource gone = new();
    private readonly TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? why;

    private CagedProcess(Process process, SandboxLimits limits, ControlGroup? group) => (Process, this.limits, this.group) = (process, limits, group);

    public Process Process { get; }

    /// <summary>Cancelled when no process of the cage is left.</summary>
    public CancellationToken Gone => gone.Token;

    /// <summary>Why it ended, when no process of the cage is left.</summary>
    public Task<string> Ended => ended.Task;

    /// <summary>Starts it. The group, when there is one, goes with it.</summary>
    public static Task<CagedProcess> StartAsync(ProcessStartInfo start, SandboxLimits limits, ControlGroup? group)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        var started = new TaskCompletionSource<CagedProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Live(start, limits, group, started)) { IsBackground = true, Name = "sandbox watch" }.Start();
        return started.Task;
    }

    /// <summary>Which limit the run has passed by now, in words that end a sentence; null when none.</summary>
    public string? Passed()
    {
        var (bytes, processor) = ProcessTree.Use(Process.Id);
        return limits.Passed(clock.Elapsed, processor, group?.RanOutOfMemory is true ? long.MaxValue : bytes);
    }

    /// <summary>Asks for the end; the first reason is kept.</summary>
    public void End(string reason) => Interlocked.CompareExchange(ref why, reason, null);

    /// <summary>Frees what watched it, once it has ended.</summary>
    public void Dispose()
    {
        Process.Dispose();
        gone.Dispose();
    }

    private static void Live(ProcessStartInfo start, SandboxLimits limits, ControlGroup? group, TaskCompletionSource<CagedProcess> started)
    {
        CagedProcess caged;
        try
        {
            Descriptors.CloseOnExec();
            caged = new CagedProcess(Process.Start(start)!, limits, group);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException)
        {
            group?.Dispose();
            started.SetException(new SandboxException($"The sandbox's program {Path.GetFileName(start.FileName)} could not be started.", exception));
            return;
        }

        group?.Take(caged.Process.Id); // Before it is told what to run.
        started.SetResult(caged);
        caged.Watch();
    }

    private void Watch()
    {
        var bySelf = true;
        while (!Process.WaitForExit(Glance))
        {
            if (Passed() is { } limit)
            {
                End(limit);
            }

            if (Volatile.Read(ref why) is not null)
            {
                bySelf = false;
                Process.Kill(entireProcessTree: true);
                Process.WaitForExit();
                break;
            }
        }

        if (bySelf && group?.RanOutOfMemory is true && limits.Passed(default, default, long.MaxValue) is { } memory)
        {
            End(memory);
        }

        group?.Dispose();
        gone.Cancel();
        ended.SetResult(why
            ?? (!bySelf ? "it was ended"
            : Process.ExitCode == Killed ? "its first process was killed by somebody else, mostly the kernel when the machine's or the run's memory is used up"
            : $"its first process left with exit code {Process.ExitCode}"));
    }
}
