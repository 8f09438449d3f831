using System.ComponentModel;
using System.Diagnostics;

namespace McpInfra.Tools.Sandbox;

/// <summary>podman or docker, asked by its command line for what comes before and after a run.</summary>
/// <param name="program">"podman" or "docker", or a path to one.</param>
internal sealed class ContainerEngine(string program)
{
    private const string Prefix = "mcp-infra-";
    private const int MostId = 100;

    private static readonly string[] AtOnce = ["--time", "0"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Whether it takes podman's own options.</summary>
    public bool IsPodman => Path.GetFileNameWithoutExtension(program) == "podman";

    /// <summary>A name for a container of this process.</summary>
    public static string Name() => $"{Prefix}{Owner.Mark}-{Guid.NewGuid():N}";

    /// <summary>Starts a container with these arguments.</summary>
    public ProcessStartInfo Start(IReadOnlyList<string> arguments) => new(program, arguments);

    /// <summary>Runs another of the container's programs beside its first.</summary>
    public ProcessStartInfo StartIn(string name, IEnumerable<string> arguments) => new(program, ["exec", "--interactive", name, .. arguments]);

    /// <summary>The id of an image, which its content and settings make; null when it is not there.</summary>
    /// <exception cref="SandboxException">The engine cannot be asked.</exception>
    public async Task<string?> IdAsync(string image, CancellationToken stop)
    {
        var (exit, said, _) = await AskAsync(["image", "inspect", "--format", "{{.Id}}", image], null, stop);
        return exit == 0 && said.Trim() is { Length: > 0 and <= MostId } id && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == ':') ? id : null;
    }

    /// <summary>Makes an image without a file in it.</summary>
    /// <exception cref="SandboxException">The engine refused.</exception>
    public async Task MakeEmptyAsync(string image, CancellationToken stop)
    {
        var archive = new byte[10 << 10]; // The end of an archive that has nothing before it.
        var (exit, _, complaint) = await AskAsync(["import", "-", image], archive, stop);
        if (exit != 0)
        {
            throw new SandboxException($"{program} could not make the image {image}: {complaint ?? $"exit code {exit}"}.");
        }
    }

    /// <summary>Removes the containers of servers that were killed.</summary>
    /// <exception cref="SandboxException">The engine cannot be asked.</exception>
    public async Task SweepAsync(CancellationToken stop)
    {
        var (_, listed, _) = await AskAsync(["ps", "--all", "--filter", $"name={Prefix}", "--format", "{{.Names}}"], null, stop);
        foreach (var left in listed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (left.StartsWith(Prefix, StringComparison.Ordinal) && Owner.IsGone(left[Prefix.Length..]))
            {
                await RemoveAsync(left, stop);
            }
        }
    }

    /// <summary>Ends a container at once and removes it; one that has gone already is no fault.</summary>
    /// <exception cref="SandboxException">The engine cannot be asked.</exception>
    public Task RemoveAsync(string name, CancellationToken stop) => AskAsync(["rm", "--force", .. IsPodman ? AtOnce : [], name], null, stop);

    private async Task<(int Exit, string Said, string? Complaint)> AskAsync(IReadOnlyList<string> arguments, byte[]? input, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            try
            {
                var said = process.StandardOutput.ReadToEndAsync(deadline.Token);
                var errors = process.StandardError.ReadToEndAsync(deadline.Token);
                await HandInAsync(process, input, deadline.Token);
                await Task.WhenAll(said, errors, process.WaitForExitAsync(deadline.Token));
                return (process.ExitCode, await said, Cage.Complaint(await errors));
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                throw new SandboxException($"{program} {arguments[0]} did not answer within {Patience.TotalSeconds:0} s.");
            }
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new SandboxException($"The sandbox's program {Path.GetFileName(program)} could not be started.", exception);
        }
    }

    private static async Task HandInAsync(Process process, byte[]? input, CancellationToken stop)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, stop);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It left without reading; what it said tells why.
        }
    }
}
