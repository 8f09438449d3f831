using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Policies.World;
using McpInfra.Host.Tests.Commands;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests;

/// <summary>Golden files of what clients and people see. With UPDATE_GOLDEN set they are written anew: the change then shows in the diff.</summary>
public sealed class What_outsiders_see : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Theory]
    [InlineData("planner", 12 * 1024)]
    [InlineData("remediator", 16 * 1024)]
    public async Task Tools_are_those_of_the_golden_file_and_small(string agent, int most)
    {
        await using var client = await RealClient.OverStdioAsync(["serve", "--agent", agent], run.Work, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = run.Home });
        var tools = (await client.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.ProtocolTool).ToList();
        Assert.InRange(Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(tools)), 1, most);
        IsGolden($"tools-{agent}.json", JsonSerializer.Serialize(tools.Select(tool => new { tool.Name, tool.Description, tool.InputSchema, tool.Annotations }), Indented));
    }

    [Fact]
    public async Task Policies_can_speak_of_every_tool_and_of_all_its_arguments()
    {
        await using var client = await RealClient.OverStdioAsync(["serve", "--agent", "remediator"], run.Work, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = run.Home });
        var actions = JsonNode.Parse(WorldSchema.Schema.ToJson())![""]!["actions"]!;
        foreach (var tool in (await client.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.ProtocolTool))
        {
            var spoken = actions[tool.Name]!["appliesTo"]!["context"]!["attributes"]!["arguments"]!["attributes"]!.AsObject();
            var taken = tool.InputSchema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(property => property.Name) : [];

            // What explain_access asks about has the form of another operation, which no type says.
            Assert.Equal(taken.Except(tool.Name == "explain_access" ? ["arguments"] : []).Order(), spoken.Select(attribute => attribute.Key).Order());
        }
    }

    [Fact]
    public async Task Every_list_that_can_be_browsed_answers()
    {
        await using var client = await RealClient.OverStdioAsync(["serve"], run.Work, new Dictionary<string, string?> { ["MCP_INFRA_HOME"] = run.Home });
        var stop = TestContext.Current.CancellationToken;
        var lists = (await client.Client.ListResourcesAsync(cancellationToken: stop)).Select(list => list.Uri)
            .Concat((await client.Client.ListResourceTemplatesAsync(cancellationToken: stop)).Select(family => family.UriTemplate).Where(uri => !uri.Contains("{id}", StringComparison.Ordinal))
                .Select(uri => uri.Replace("{by}", "type", StringComparison.Ordinal).Replace("{since}", "36h", StringComparison.Ordinal).Replace("{severity}", "high", StringComparison.Ordinal)))
            .Select(uri => uri.Contains('{', StringComparison.Ordinal) ? uri[..uri.IndexOf('{', StringComparison.Ordinal)] + "any" : uri).ToList();
        Assert.Superset(new HashSet<string>(["infra://resources", "infra://drift", "infra://changes", "infra://findings", "infra://findings/severity/high", "infra://knowledge/any", "infra://counts/type"]), lists.ToHashSet());
        foreach (var list in lists)
        {
            Assert.NotEmpty((await client.Client.ReadResourceAsync(list, cancellationToken: stop)).Contents);
        }
    }

    [Theory]
    [InlineData("help.txt", "--help")]
    [InlineData("help-serve.txt", "serve", "--help")]
    [InlineData("help-audit-verify.txt", "audit", "verify", "--help")]
    public async Task Help_is_that_of_the_golden_file(string file, params string[] arguments) => IsGolden(file, (await run.RunAsync(arguments)).StandardOutput.TrimEnd());

    private static void IsGolden(string file, string text)
    {
        var path = Path.Combine(Repository.Root, "tests", "McpServer.Tests", "golden", file);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 })
        {
            File.WriteAllText(path, text + "\n");
        }

        Assert.Equal(File.ReadAllText(path).TrimEnd(), text);
    }
}
