using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

// The floor that benchmarks measure against: the SDK over stdio with one tool of 4 KB and nothing around it.
// Without an argument it is the SDK's server alone; `hosted` is the server that the SDK's own introduction shows, in the generic host.
var answer = string.Concat(Enumerable.Repeat("- billing-service AWS::S3::Bucket arn:aws:s3:::acme-prod-billing team=payments\n", 52));
var tool = McpServerTool.Create((string text) => answer, new McpServerToolCreateOptions { Name = "search_resources", Description = "Answers 4 KB." });
if (args is ["hosted"])
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    builder.Services.AddMcpServer().WithStdioServerTransport().WithTools([tool]);
    await builder.Build().RunAsync();
    return;
}

await using var transport = new StdioServerTransport("bare");
await using var server = McpServer.Create(transport, new McpServerOptions { ToolCollection = [tool] });
await server.RunAsync();
