using McpInfra.Guardrails.Tests.Audit;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// As xunit's own entry point, but that the program can also run as a process to be killed.
if (await AuditChild.RanAsync())
{
    return 0;
}

return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, McpInfra.Guardrails.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
