using ModelContextProtocol.Server;

// The floor that benchmarks measure against: the SDK over stdio with one tool of 4 KB and nothing around it.
var answer = string.Concat(Enumerable.Repeat("- billing-service AWS::S3::Bucket arn:aws:s3:::acme-prod-billing team=payments\n", 52));
var options = new McpServerOptions
{
    ToolCollection = [McpServerTool.Create((string text) => answer, new McpServerToolCreateOptions { Name = "search_resources", Description = "Answers 4 KB." })],
};
await using var transport = new StdioServerTransport("bare");
await using var server = McpServer.Create(transport, options);
await server.RunAsync();
