using System.Diagnostics;
using System.Text.RegularExpressions;

namespace McpInfra.TestKit;

/// <summary>An AWS that listens on loopback: moto's server as a child process, gone with the test.</summary>
public sealed partial class Moto : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    private Moto(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("moto_server ended before it listened"));
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Requests it has answered.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>A fresh one on a port of its own choice; skips the test where moto is not installed.</summary>
    public static async Task<Moto> StartAsync(CancellationToken stop)
    {
        var start = new ProcessStartInfo(Skip.UnlessFound("moto_server")) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "-H", "127.0.0.1", "-p", "0" })
        {
            start.ArgumentList.Add(argument);
        }

        var moto = new Moto(new Process { StartInfo = start, EnableRaisingEvents = true });
        moto._process.Start();
        moto._process.BeginOutputReadLine();
        moto._process.BeginErrorReadLine();
        try
        {
            moto.Endpoint = await moto._ready.Task.WaitAsync(TimeSpan.FromSeconds(60), stop);
            return moto;
        }
        catch
        {
            await moto.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the child.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (Answered().IsMatch(line))
        {
            Interlocked.Increment(ref _requests);
        }
        else if (Listening().Match(line) is { Success: true } match)
        {
            _ready.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Running on (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex("\" \\d{3} -$")]
    private static partial Regex Answered();
}
