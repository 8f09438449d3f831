using McpInfra.Host.Composition;
using McpInfra.Host.Settings;
using McpInfra.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace McpInfra.Host.Tests.Composition;

public sealed class Explain_access_names_what_there_is
{
    [Fact]
    public async Task An_approval_of_an_operation_that_is_not_listed_is_not_told()
    {
        var folder = Directory.CreateTempSubdirectory("mcp-infra-test-");
        try
        {
            var settings = new McpInfra.Host.Settings.Settings { StateFolder = folder.FullName };
            await using (var server = await Server.StartAsync(settings, "remediator", NullLoggerFactory.Instance, TimeProvider.System, TestContext.Current.CancellationToken))
            {
                await using var served = new InProcessServer(server.Edge);
                await using var client = await served.ConnectAsync();
                var told = (await client.CallAsync("explain_access")).Text.Split('\n').Single(line => line.StartsWith("Wants a person: ", StringComparison.Ordinal));
                var names = told["Wants a person: ".Length..].Split("; ").Select(one => one.Split(' ')[0]).Distinct().ToList();
                Assert.NotEmpty(names);
                Assert.Empty(names.Except(await client.ToolsAsync()));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
