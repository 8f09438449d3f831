using McpInfra.Host.Commands;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Escapes;

return args switch
{
    [OwnProgram.Command] => await SandboxRun.MainAsync(),
    [EscapeRun.Command, .. var rest] => EscapeRun.Main(rest),
    _ => await CommandLine.RunAsync(args),
};
