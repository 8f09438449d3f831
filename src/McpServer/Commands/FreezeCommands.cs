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
        command.SetAction(async (result, stop) =>
        {
            var settings = Load(result.GetValue(config));
            new Freeze(settings.StateFolder).Begin(result.GetValue(reason));
            Terminal.Say($"Frozen: every server on {settings.StateFolder} refuses every call until `mcp-infra thaw`.");
            try
            {
                await PersonRecord.WriteAsync(settings, "freeze", [], stop);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                Terminal.Complain($"mcp-infra: frozen, but not in the audit trail: {exception.Message}"); // A full disk or a broken trail keeps nobody from freezing.
            }

            return ExitCode.Yes;
        });
        return command;
    }

    public static Command Thaw()
    {
        var config = Options.Config();
        var command = new Command("thaw", "End a freeze") { config };
        command.SetAction(async (result, stop) =>
        {
            var settings = Load(result.GetValue(config));
            var freeze = new Freeze(settings.StateFolder);
            if (freeze.IsFrozen)
            {
                await PersonRecord.WriteAsync(settings, "thaw", [], stop);
            }

            var ended = freeze.End();
            Terminal.Say(ended ? $"Thawed: servers on {settings.StateFolder} answer again." : $"{settings.StateFolder} was not frozen.");
            return ended ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }

    private static Settings.Settings Load(string? config)
    {
        var settings = Options.Load(config);
        StateFolder.Ensure(settings.StateFolder);
        return settings;
    }
}
