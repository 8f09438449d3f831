using System.Text.Json.Nodes;
using McpInfra.Guardrails.Credentials;
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

    [Theory]
    [InlineData("{ kind: s3, bucket: b, region: eu-west-1, prefix: team }", "s3", "aws: {}")]
    [InlineData("{ kind: azblob, storage_account_name: acme, container_name: c, secret_env: KEY }", "azurerm", null)]
    [InlineData("{ kind: gs, bucket: b }", "gcs", "google: {}")]
    public void Of_Pulumi_is_a_place_with_the_credential_of_its_source(string backend, string kind, string? identity)
    {
        var settings = ReadSource($"backend: {backend}{(identity is null ? "" : $", credentials: {{ state: {{ {identity} }} }}")}");
        var place = settings.SourceBackends["net"];
        Assert.Equal((kind, identity is null ? 0 : 1), (place.Kind, settings.SourceCredentials.Count));
        Assert.All(settings.SourceCredentials, credential => Assert.Equal(("source net", CredentialIntent.ReadState), (credential.Owner, credential.Intent)));
        Assert.Equal(settings.SourceCredentials, place.Stack.Credentials);
        Assert.False(Assert.Single(settings.Sources).IsFiles);
    }

    [Theory]
    [InlineData("backend: { kind: s3, bucket: b }", "region")]
    [InlineData("backend: { kind: azblob, bucket: b }", "container_name")]
    [InlineData("backend: { kind: pg }", "kind")]
    [InlineData("path: ./x, backend: { kind: gs, bucket: b }", "two places")]
    [InlineData("backend: { kind: gs, bucket: b, endpoint: \"ftp://h\" }", "http or https address")]
    [InlineData("backend: { kind: gs, bucket: b }, credentials: {}", "names no intent")]
    [InlineData("backend: { kind: gs, bucket: b }, credentials: { scan: { google: {} } }", "unknown key")]
    [InlineData("environment: prod", "path")]
    public void A_fault_of_Pulumis_names_its_key(string source, string said) =>
        Assert.Contains(said, Assert.Throws<SettingsException>(() => ReadSource(source)).Message, StringComparison.Ordinal);

    private Host.Settings.Settings ReadSource(string keys)
    {
        var file = Path.Combine(folder, "mcp-infra.yaml");
        File.WriteAllText(file, $"sources:\n  - {{ name: net, kind: pulumi-state, {keys} }}\n");
        return SettingsReader.Read(file);
    }
}
