using System.CommandLine;
using System.Data.Common;
using McpInfra.Graph.Collectors;
using McpInfra.Host.Commands.Connecting;
using McpInfra.Host.Quickstart;
using McpInfra.Host.Settings;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Host.Commands;

/// <summary>Every command. Exit 0 yes, 1 the answer is no, 2 wrong use or configuration.</summary>
public static class CommandLine
{
    /// <summary>Parses and runs.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [OwnProgram.Command, ..])
        {
            return await SandboxRun.MainAsync();
        }

        ServeCommand.Foresee(args);
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Terminal.Complain("mcp-infra: " + error.Message);
            }

            Terminal.Complain("mcp-infra --help shows what there is.");
            return ExitCode.WrongUse;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception) when (exception is SettingsException or SourceException or IOException or UnauthorizedAccessException or DbException or InvalidOperationException)
        {
            Terminal.Complain("mcp-infra: " + exception.Message);
            return ExitCode.WrongUse;
        }
    }

    /// <summary>The commands, as `--help` shows them.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("A safe infrastructure agent for any MCP client: reads, plans and pull requests, never an apply.")
        {
            ServeCommand.Create(),
            ScanCommand.Create(),
            QuickstartCommand.Create(),
            TrustCommand.Create(),
            FreezeCommands.Freeze(),
            FreezeCommands.Thaw(),
            ConnectCommand.Create(),
            DoctorCommand.Create(),
            AuditCommands.Create(),
            ApprovalsCommands.Create(),
            WithheldCommands.Create(),
            PinsCommands.Create(),
            PolicyCommands.Create(),
            EvaluateCommand.Create(),
        };
        return root;
    }
}
