using System.Text.Json.Nodes;
using McpInfra.Host.Settings;
using McpInfra.Tools.Plans.State.Backends;
using Xunit;

namespace McpInfra.Host.Tests.Settings;

public sealed class Backends_are_read_strictly : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mcp-infra-backends-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Host.Settings.Settings Read(string backend)
    {
        var file = Path.Combine(folder, "mcp-infra.yaml");
        File.WriteAllText(file, $"repositories:\n  - name: infra\n    url: ./infra\n    stacks:\n      - path: .\n        backend: {{ {backend} }}\n");
        return SettingsReader.Read(file);
    }

    [Fact]
    public void What_code_leaves_out_is_kept_by_the_backends_own_names() =>
        Assert.Equal(
            [("address", "https://state.internal/prod"), ("secret_env", "STATE")],
            Read("secret_env: STATE, address: \"https://state.internal/prod\"").Repositories[0].Stacks[0].Backend.Select(pair => (pair.Key, pair.Value)).Order());

    [Theory]
    [InlineData("pasword: x", "unknown key")]
    [InlineData("address: \"ftp://h\"", "http or https address")]
    [InlineData("endpoint: \"https://u:p@h\"", "without a user or password")]
    public void A_fault_names_its_key(string backend, string said) =>
        Assert.Contains(said, Assert.Throws<SettingsException>(() => Read(backend)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_schema_names_every_key()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(TestKit.Repository.Root, "manifests", "schema", "mcp-infra.schema.json")))!;
        var backend = schema["properties"]!["repositories"]!["items"]!["properties"]!["stacks"]!["items"]!["properties"]!["backend"]!["properties"]!.AsObject();
        Assert.Equal(BackendKeys.All.Order(), backend.Select(pair => pair.Key).Order());
    }
}
