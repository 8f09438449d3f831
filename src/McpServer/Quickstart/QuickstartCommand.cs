using System.CommandLine;
using McpInfra.Host.Commands;
using Spectre.Console;

namespace McpInfra.Host.Quickstart;

/// <summary>`quickstart [FOLDER]`: the whole main job on a copy of the bundled sample, or of one's own repository.</summary>
internal static class QuickstartCommand
{
    private const int PipedWidth = 200;

    public static Command Create()
    {
        var folder = Options.Folder("Your own repository; it is copied and never written");
        var command = new Command("quickstart", "The whole main job on a copy of the bundled sample, or of your own repository") { folder };
        command.SetAction((result, stop) => RunAsync(result.GetValue(folder), stop));
        return command;
    }

    private static async Task<int> RunAsync(string? folder, CancellationToken stop)
    {
        using var estate = folder is null ? Estate.Sample() : Estate.CopyOf(Path.GetFullPath(folder));
        await new Story(estate, new Screen(Console())).TellAsync(stop);
        return ExitCode.Yes;
    }

    // Into a file or a pipe there is no width; 80 would break ids in two.
    private static IAnsiConsole Console()
    {
        var console = AnsiConsole.Console;
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = PipedWidth;
        }

        return console;
    }
}
