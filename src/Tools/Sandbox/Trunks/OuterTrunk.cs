using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// The end of a trunk outside a cage: a program that hands on what the inner end says, each connection of which becomes one on the proxy's socket.
/// So the proxy counts and bounds the run's connections as it does where its socket passes into the cage.
/// </summary>
internal sealed class OuterTrunk : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource ending = new();
    private readonly Process process;
    private readonly Trunk trunk;

    private OuterTrunk(Process process, string socket)
    {
        this.process = process;
        trunk = new Trunk(process.StandardOutput.BaseStream, process.StandardInput.BaseStream, () => ConnectAsync(socket), ending.Token);
        Ended = HearAsync();
    }

    /// <summary>Ends when nothing more comes through it.</summary>
    public Task Ended { get; }

    /// <summary>Starts the program, tells the runner that it starts to be the inner end, and waits until that listens.</summary>
    /// <param name="start">The program.</param>
    /// <param name="opening">What the runner is told.</param>
    /// <param name="socket">The proxy's.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="SandboxException">It did not come about.</exception>
    public static async Task<OuterTrunk> OpenAsync(ProcessStartInfo start, Opening opening, string socket, CancellationToken stop)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        Process? process = null;
        try
        {
            Descriptors.CloseOnExec();
            process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { }; // Read, that it may not be held up by it.
            process.BeginErrorReadLine();
            await Wire.WriteAsync(process.StandardInput.BaseStream, Wire.Opening, deadline.Token, Wire.Json(opening));
            if (await Wire.LetterAsync(process.StandardOutput.BaseStream, stop).WaitAsync(deadline.Token) != Wire.Result)
            {
                throw new EndOfStreamException();
            }

            return new OuterTrunk(process, socket);
        }
        catch (Exception exception)
        {
            process?.Kill(entireProcessTree: true);
            process?.Dispose();
            throw exception is Win32Exception or IOException || (exception is OperationCanceledException && !stop.IsCancellationRequested)
                ? new SandboxException($"The sandbox's way to the proxy did not open: {Path.GetFileName(start.FileName)} {start.ArgumentList[0]} did not start our program in it.", exception)
                : exception;
        }
    }

    /// <summary>Closes every connection and ends the program.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        process.Kill(entireProcessTree: true);
        await Ended;
        process.Dispose();
        trunk.Dispose();
        ending.Dispose();
    }

    private async Task HearAsync()
    {
        await Task.Yield();
        try
        {
            await trunk.HearAsync();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
        {
            // The run is over, or what runs in the cage has taken the inner end: there is no way out any more.
        }
    }

    private static async Task<Socket> ConnectAsync(string socket)
    {
        var proxy = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await proxy.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            return proxy;
        }
        catch
        {
            proxy.Dispose();
            throw;
        }
    }
}
