namespace McpInfra.Tools.Sandbox;

/// <summary>
/// The runner inside a cage, `mcp-infra sandbox-run`: reads an opening, gives up its rights, then does what frames on standard input say until it ends.
/// It holds no secret, and the host believes nothing that it says.
/// </summary>
public static class SandboxRun
{
    /// <summary>Runs to the end of standard input; the process's exit code.</summary>
    public static async Task<int> MainAsync()
    {
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
            using var relay = opening.Relay is { } socket ? Relay.Start(socket) : null;
            await new Steps(opening.Work, opening.Environment, relay).RunAsync(input, output);
            return 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or InvalidOperationException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"sandbox-run: {exception.Message}");
            return 1;
        }
    }
}
