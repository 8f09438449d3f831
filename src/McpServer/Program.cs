using McpInfra.Host.Commands;

return await CommandLine.RunAsync(args);
