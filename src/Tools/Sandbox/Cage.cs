using System.Diagnostics;

namespace McpInfra.Tools.Sandbox;

/// <summary>An open sandbox: files go in, steps run one after the other, results come back over one pipe. Not for concurrent use.</summary>
public sealed class Cage : IAsyncDisposable
{
    private const int MostSaid = 8 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly string[] Complaints = ["bwrap: ", "Error: ", "docker: ", "Cannot connect to "];

    private readonly CagedProcess process;
    private readonly Task<string> said;
    private readonly Func<Task>? after;

    private Cage(CagedProcess process, Func<Task>? after)
    {
        (this.process, this.after) = (process, after);
        said = ReadSaidAsync(process.Process.StandardError.BaseStream);
    }

    internal static async Task<Cage> OpenAsync(ProcessStartInfo start, Opening opening, CancellationToken stop, Func<Task>? after = null, ControlGroup? group = null)
    {
        RunFolder.SweepOnce();
        var cage = new Cage(await CagedProcess.StartAsync(start, opening.Limits, group), after);
        try
        {
            await cage.TalkAsync(async (pipe, until) =>
            {
                await Wire.WriteAsync(pipe.StandardInput.BaseStream, Wire.Opening, until, Wire.Json(opening));
                return true;
            }, stop);
            return cage;
        }
        catch
        {
            await cage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a file into the work folder, which starts empty; folders appear as needed.</summary>
    /// <param name="path">Relative, with `/`.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="SandboxException">The sandbox ended.</exception>
    public Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken stop) => TalkAsync(async (pipe, until) =>
    {
        await Wire.WriteAsync(pipe.StandardInput.BaseStream, Wire.File, until, System.Text.Encoding.UTF8.GetBytes(path), content);
        return true;
    }, stop);

    /// <summary>Makes a link in the work folder to something that the cage shows.</summary>
    /// <param name="path">Relative, with `/`.</param>
    /// <param name="target">Absolute path inside.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="SandboxException">The sandbox ended.</exception>
    public Task LinkAsync(string path, string target, CancellationToken stop) => TalkAsync(async (pipe, until) =>
    {
        await Wire.WriteAsync(pipe.StandardInput.BaseStream, Wire.Link, until, System.Text.Encoding.UTF8.GetBytes(path), System.Text.Encoding.UTF8.GetBytes(target));
        return true;
    }, stop);

    /// <summary>Runs a step to its end.</summary>
    /// <exception cref="SandboxException">The sandbox ended before the step did: a limit was passed, or it broke.</exception>
    public Task<StepResult> RunAsync(Step step, CancellationToken stop) => TalkAsync(async (pipe, until) =>
    {
        var output = pipe.StandardOutput.BaseStream;
        await Wire.WriteAsync(pipe.StandardInput.BaseStream, Wire.Step, until, Wire.Json(step));
        if (await Wire.LetterAsync(output, until) != Wire.Result)
        {
            throw new EndOfStreamException();
        }

        var ending = BitConverter.ToInt32(await Wire.FieldAsync(output, 4, until));
        var exit = BitConverter.ToInt32(await Wire.FieldAsync(output, 4, until));
        var result = new StepResult(
            Enum.IsDefined((StepEnding)ending) ? (StepEnding)ending : throw new InvalidDataException(),
            exit,
            await Wire.FieldAsync(output, step.MostOutput, until),
            await Wire.FieldAsync(output, step.MostErrors, until));

        if (process.Passed() is { } limit) // The kernel may have ended the step for it before the watch has glanced.
        {
            process.End(limit);
            throw new EndOfStreamException();
        }

        return result;
    }, stop);

    /// <summary>Ends it when something that it needs has ended.</summary>
    internal void EndsWith(Task needed, string reason) => _ = needed.ContinueWith(_ => process.End(reason), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Ends every process of the cage and waits until they are gone.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            process.Process.StandardInput.Close(); // The runner leaves at the end of its input, and everything with it.
        }
        catch (IOException)
        {
            // It has left already.
        }

        process.End("its work was done");
        await process.Ended;
        await said;
        process.Dispose();
        if (after is not null)
        {
            await after();
        }
    }

    /// <summary>The line in which bubblewrap or a container engine says what is missing, short and plain; null when there is none.</summary>
    internal static string? Complaint(string said) => Lines(said).FirstOrDefault(line => Complaints.Any(start => line.StartsWith(start, StringComparison.Ordinal)));

    private async Task<T> TalkAsync<T>(Func<Process, CancellationToken, Task<T>> talk, CancellationToken stop)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stop, process.Gone);
        try
        {
            return await talk(process.Process, until.Token);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentException
            || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            await Task.WhenAny(process.Ended, Task.Delay(Patience, CancellationToken.None)); // It mostly knows why within a glance.
            process.End("it broke off");
            var why = await process.Ended;
            throw new SandboxException($"The sandbox ended early: {Why(why, await said)}.", exception);
        }
    }

    // Steps write elsewhere: what stands here is our runner's, which knows best, or a complaint of bubblewrap or of the container engine, which says what is missing.
    private static string Why(string why, string said)
    {
        return Lines(said).FirstOrDefault(line => line.StartsWith(SandboxRun.Says, StringComparison.Ordinal)) is { } own ? own[SandboxRun.Says.Length..]
            : Complaint(said) is { } complaint ? $"{why}. It said: {complaint}"
            : why;
    }

    private static IEnumerable<string> Lines(string said) => said.Split('\n').Select(line => new string([.. line.Where(letter => letter is >= ' ' and <= '~').Take(400)]).TrimEnd('.'));

    private static async Task<string> ReadSaidAsync(Stream errors)
    {
        var kept = new byte[MostSaid];
        var length = 0;
        var rest = new byte[4096];
        try
        {
            for (int read; (read = await errors.ReadAsync(rest)) > 0;)
            {
                var take = Math.Min(read, MostSaid - length);
                rest.AsSpan(0, take).CopyTo(kept.AsSpan(length));
                length += take;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process is gone; what it said before that is kept.
        }

        return System.Text.Encoding.UTF8.GetString(kept, 0, length);
    }
}
