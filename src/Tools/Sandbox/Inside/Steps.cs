using System.ComponentModel;
using System.Diagnostics;

namespace McpInfra.Tools.Sandbox;

/// <summary>Files and steps as the host sends them, one after the other.</summary>
internal sealed class Steps
{
    private readonly string work;
    private readonly Dictionary<string, string> environment;
    private readonly Opening opening;
    private readonly Watch? watch;

    public Steps(Opening opening, Relay? relay, Watch? watch)
    {
        (this.opening, work, this.watch) = (opening, opening.Work, watch);
        environment = new(opening.Environment)
        {
            ["HOME"] = Path.Combine(work, ".home"),
            ["TMPDIR"] = Path.Combine(work, ".tmp"),
        };
        if (relay is not null)
        {
            foreach (var variable in new[] { "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy" })
            {
                environment[variable] = $"http://127.0.0.1:{relay.Port}";
            }
        }

        Directory.CreateDirectory(environment["HOME"]);
        Directory.CreateDirectory(environment["TMPDIR"]);
    }

    public async Task RunAsync(Stream input, Stream output)
    {
        while (await Wire.LetterAsync(input, CancellationToken.None) is var letter and not -1)
        {
            switch (letter)
            {
                case Wire.File:
                    await WriteAsync(await PathAsync(input), input);
                    break;
                case Wire.Link:
                    Link(await PathAsync(input), await PathAsync(input));
                    break;
                case Wire.Step:
                    var result = await RunAsync(await Wire.JsonAsync<Step>(input, CancellationToken.None));
                    watch?.Check();
                    await Wire.WriteAsync(
                        output, Wire.Result, CancellationToken.None, Wire.Number((int)result.Ending), Wire.Number(result.Exit), result.Output, result.Errors);
                    break;
                default:
                    throw new InvalidDataException("a frame has an unknown letter");
            }
        }
    }

    private async Task<StepResult> RunAsync(Step step)
    {
        if (step.Read is { } wanted)
        {
            return Read(Inside(wanted), step.MostOutput);
        }

        var start = new ProcessStartInfo(step.Arguments[0], step.Arguments.Skip(1))
        {
            WorkingDirectory = step.Folder.Length == 0 ? work : Inside(step.Folder),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment.Concat(step.Environment))
        {
            start.Environment[name] = value.Replace(Placeholder, work, StringComparison.Ordinal);
        }

        try
        {
            using var process = Confinement.Start(start, opening);
            process.StandardInput.Close();
            return await WatchAsync(process, step);
        }
        catch (Win32Exception exception)
        {
            return new StepResult(StepEnding.NotStarted, exception.NativeErrorCode, [], []);
        }
    }

    /// <summary>Stands for the work folder's path in values of the environment.</summary>
    internal const string Placeholder = "{work}";

    private static async Task<StepResult> WatchAsync(Process process, Step step)
    {
        using var left = new CancellationTokenSource();
        var output = step.SiftsPlan ? PlanSieve.ReadAsync(process.StandardOutput.BaseStream, step.MostOutput) : Captured.ReadAsync(process.StandardOutput.BaseStream, step.MostOutput, drain: false, left.Token);
        var errors = Captured.ReadAsync(process.StandardError.BaseStream, step.MostErrors, drain: true, left.Token);
        var exit = process.WaitForExitAsync();
        await Task.WhenAny(exit, output);
        var flooded = output.IsCompleted && (await output).Cut;
        if (flooded)
        {
            process.Kill(entireProcessTree: true);
        }

        await exit;

        // A child left behind may hold the pipes open; what it would still say does not count, what was said does.
        left.CancelAfter(TimeSpan.FromSeconds(2));
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(TimeSpan.FromSeconds(4)));
        return new StepResult(
            flooded || (output.IsCompleted && (await output).Cut) ? StepEnding.Flooded : StepEnding.Exited,
            process.ExitCode,
            output.IsCompleted ? (await output).Bytes : [],
            errors.IsCompleted ? (await errors).Bytes : []);
    }

    private static StepResult Read(string path, int most)
    {
        if (!File.Exists(path))
        {
            return new StepResult(StepEnding.Exited, 1, [], []);
        }

        using var file = File.OpenRead(path);
        var bytes = new byte[most];
        var length = file.ReadAtLeast(bytes, most, throwOnEndOfStream: false);
        return new StepResult(length == most && file.ReadByte() >= 0 ? StepEnding.Flooded : StepEnding.Exited, 0, bytes[..length], []);
    }

    // A state may be larger than the runner's memory.
    private async Task WriteAsync(string path, Stream input)
    {
        var target = Inside(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using var file = File.Create(target);
        await Wire.CopyFieldAsync(input, file, Wire.MostFile, CancellationToken.None);
    }

    private void Link(string path, string target)
    {
        var link = Inside(path);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, target);
    }

    private static async Task<string> PathAsync(Stream input) => System.Text.Encoding.UTF8.GetString(await Wire.FieldAsync(input, Wire.MostPath, CancellationToken.None));

    private string Inside(string path)
    {
        var full = Path.GetFullPath(Path.Combine(work, path));
        return full.StartsWith(work + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? full : throw new InvalidDataException("a path leaves the work folder");
    }
}

/// <summary>What a stream said, up to a size.</summary>
internal sealed record Captured(byte[] Bytes, bool Cut)
{
    /// <summary>Reads to the end, until it is told to stop, or past the size: then returns at once or, draining, goes on and drops.</summary>
    public static async Task<Captured> ReadAsync(Stream stream, int most, bool drain, CancellationToken stop)
    {
        using var kept = new MemoryStream();
        var piece = new byte[64 << 10];
        var cut = false;
        try
        {
            for (int read; (read = await stream.ReadAsync(piece, stop)) > 0;)
            {
                var take = (int)Math.Min(read, most - kept.Length);
                kept.Write(piece, 0, take);
                cut |= take < read;
                if (cut && !drain)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What was read counts.
        }

        return new Captured(kept.ToArray(), cut);
    }
}
