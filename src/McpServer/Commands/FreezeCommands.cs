using System.CommandLine;
using McpInfra.Guardrails.Identity;
using McpInfra.Host.Settings;

namespace McpInfra.Host.Commands;

/// <summary>`freeze` and `thaw`.</summary>
internal static class FreezeCommands
{
    public static Command Freeze()
    {
        var reason = new Option<string?>("--reason") { Description = "Why, for whoever finds the servers frozen", HelpName = "TEXT" };
        var config = Options.Config();
        var command = new Command("freeze", "Make every server on this state refuse every call at once") { reason, config };
        command.SetAction(result =>
        {
            var folder = Folder(result.GetValue(config));
            new Freeze(folder).Begin(result.GetValue(reason));
            Terminal.Say($"Frozen: every server on {folder} refuses every call until `mcp-infra thaw`.");
            return ExitCode.Yes;
        });
        return command;
    }

    public static Command Thaw()
    {
        var config = Options.Config();
        var command = new Command("thaw", "End a freeze") { config };
        command.SetAction(result =>
        {
            var folder = Folder(result.GetValue(config));
            var ended = new Freeze(folder).End();
            Terminal.Say(ended ? $"Thawed: servers on {folder} answer again." : $"{folder} was not frozen.");
            return ended ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }

    private static string Folder(string? config)
    {
        var folder = Options.Load(config).StateFolder;
        StateFolder.Ensure(folder);
        return folder;
    }
}
