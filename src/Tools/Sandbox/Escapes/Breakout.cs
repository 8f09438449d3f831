using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>Proves a sandbox by trying to break out of it: plants what must not be found, runs our own program inside as the worst that could run there, and looks from outside too.</summary>
/// <param name="sandbox">The sandbox.</param>
/// <param name="folder">A folder of the server in which the canary is planted; it is removed after.</param>
public sealed class Breakout(ISandbox sandbox, string folder)
{
    private const int MostSaid = 1 << 20;
    private static readonly SandboxLimits Tight = new() { Time = TimeSpan.FromSeconds(30), Memory = 1L << 30, Processes = 80, Disk = 16 << 20 };
    private static readonly SandboxLimits Small = Tight with { Memory = 400L << 20 };

    /// <summary>Tries every way, a few seconds in all.</summary>
    /// <exception cref="SandboxException">The sandbox did not start.</exception>
    public async Task<IReadOnlyList<EscapeResult>> RunAsync(CancellationToken stop)
    {
        var inside = await InsideAsync(stop);
        var behind = LeftBehindAsync(stop);
        var memory = MemoryAsync(stop);
        return [.. inside, await behind, await memory];
    }

    private IReadOnlyList<string> Words => [.. sandbox.Program, EscapeRun.Command];

    private static SandboxRequest Request(SandboxLimits limits) => new()
    {
        Limits = limits,
        Environment = RunnerEnvironment.Variables.Where(pair => pair.Key is not ("DOTNET_BUNDLE_EXTRACT_BASE_DIR" or "TMPDIR" or "DOTNET_GCHeapHardLimit")).ToDictionary(),
    };

    private async Task<IReadOnlyList<EscapeResult>> InsideAsync(CancellationToken stop)
    {
        using var plant = Plant.In(folder);
        var before = plant.Content();
        await using var cage = await sandbox.OpenAsync(Request(Tight), stop);
        var ran = await cage.RunAsync(new Step { Arguments = [.. Words, JsonSerializer.Serialize(plant.Aims(Tight))], MostOutput = MostSaid }, stop);
        var flood = await cage.RunAsync(new Step { Arguments = [.. Words, EscapeRun.Flood], MostOutput = 1 << 16 }, stop);
        var said = Read(ran.Output);
        return
        [
            .. Escape.All.Select(escape => said.GetValueOrDefault(escape.Name) ?? new EscapeResult(escape.Name, false, ran.Exit == 0 ? "nothing was said of it" : $"the attempt ended with exit code {ran.Exit}")),
            new("change a file of the server", plant.Content() == before, plant.Content() == before ? "" : "the planted file was changed"),
            new("knock at the host unseen", !plant.Knocked, plant.Knocked ? "a connection came out of the cage" : ""),
            new("flood the server with output", flood is { Ending: StepEnding.Flooded, Output.Length: <= 1 << 16 }, flood.Ending is StepEnding.Flooded ? "" : "the flood was not stopped"),
        ];
    }

    // What it says is a stranger's: read strictly, and only for the names that were asked.
    private static Dictionary<string, EscapeResult> Read(byte[] said)
    {
        var results = new Dictionary<string, EscapeResult>(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(said).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                if (JsonSerializer.Deserialize<EscapeResult>(line) is { Name: { } name, Note: not null } result)
                {
                    results[name] = result with { Note = new([.. result.Note.Where(letter => letter is >= ' ' and <= '~').Take(120)]) };
                }
            }
            catch (JsonException)
            {
                // A line that is none says nothing.
            }
        }

        return results;
    }

    private async Task<EscapeResult> LeftBehindAsync(CancellationToken stop)
    {
        const string name = "leave a process behind";
        var marker = $"linger-{RandomNumberGenerator.GetHexString(16)}";
        int started;
        await using (var cage = await sandbox.OpenAsync(Request(Tight), stop))
        {
            started = (await cage.RunAsync(new Step { Arguments = [.. Words, EscapeRun.Linger, marker, .. Words.SkipLast(1)] }, stop)).Exit;
        }

        return started != 0 ? new(name, false, $"it could not be tried (exit code {started})")
            : Processes.Running(marker) ? new(name, false, "it still runs after the cage was closed")
            : new(name, true, "");
    }

    private async Task<EscapeResult> MemoryAsync(CancellationToken stop)
    {
        const string name = "use all memory";
        try
        {
            await using var cage = await sandbox.OpenAsync(Request(Small), stop);
            var grown = await cage.RunAsync(new Step { Arguments = [.. Words, EscapeRun.Memory, $"{2 * Small.Memory}"] }, stop);
            return new(name, grown.Exit != 0, grown.Exit != 0 ? "" : $"it used {2 * Small.Memory >> 20} MB");
        }
        catch (SandboxException)
        {
            return new(name, true, ""); // The watch ended all of it.
        }
    }
}
