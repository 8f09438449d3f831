using System.CommandLine;
using McpInfra.Host.Settings;

namespace McpInfra.Host.Commands;

/// <summary>`trust FILE`.</summary>
internal static class TrustCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The configuration that was found" };
        var command = new Command("trust", "Accept a configuration found in a folder, as it is now, with every file that it names") { file };
        command.SetAction(result => Run(result.GetRequiredValue(file)));
        return command;
    }

    private static int Run(string file)
    {
        new TrustedFiles(StateFolder.Default).Accept(file);
        Terminal.Say("Trusted, as they are now:");
        foreach (var named in TrustedFiles.FilesOf(file))
        {
            Terminal.Say("  " + named);
        }

        return ExitCode.Yes;
    }
}
