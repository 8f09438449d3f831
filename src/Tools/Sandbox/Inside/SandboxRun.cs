namespace McpInfra.Tools.Sandbox;

/// <summary>
/// The runner inside a cage, `mcp-infra sandbox-run`: reads an opening, gives up its rights, then does what frames on standard input say until it ends.
/// It holds no secret, and the host believes nothing that it says.
/// </summary>
public static class SandboxRun
{
    /// <summary>How every line of ours on standard error begins.</summary>
    internal const string Says = "sandbox-run: ";

    private const string OutOfRoom = "it had no memory, or no process of those it may have, left for itself";

    /// <summary>Runs to the end of standard input; the process's exit code.</summary>
    public static async Task<int> MainAsync()
    {
        // As the first process it could not even be ended by a signal of its own: the kernel would show a fault of memory instead.
        AppDomain.CurrentDomain.UnhandledException += (_, broken) => Watch.Leave(broken.ExceptionObject is OutOfMemoryException ? OutOfRoom : $"it broke ({broken.ExceptionObject.GetType().Name})");
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        try
        {
            Descriptors.CloseOnExec();
            if (await Wire.LetterAsync(input, CancellationToken.None) != Wire.Opening)
            {
                throw new InvalidDataException("no opening came; it is not for people to run");
            }

            var opening = await Wire.JsonAsync<Opening>(input, CancellationToken.None);
            Confinement.Apply(opening);
            var watch = opening.Confine ? Watch.Start(opening.Watch ? opening.Limits : null) : null;
            if (opening is { IsTrunk: true, Relay: { } place })
            {
                await InnerTrunk.RunAsync(place, input, output);
                return 0;
            }

            using var relay = opening.Relay is { } socket ? Relay.Start(socket) : null;
            await new Steps(opening, relay, watch).RunAsync(input, output);
            return 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or InvalidOperationException or UnauthorizedAccessException or OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync($"{Says}{(exception is OutOfMemoryException ? OutOfRoom : exception.Message)}");
            return 1;
        }
    }
}
