using McpInfra.Host.Commands;
using McpInfra.Tools.Sandbox;

return args is [OwnProgram.Command] ? await SandboxRun.MainAsync() : await CommandLine.RunAsync(args);
