using System.Text;
using McpInfra.Graph.Bicep;
using McpInfra.Graph.Collectors.State;
using Xunit;

namespace McpInfra.Graph.Tests.Correlation;

public sealed class Code_of_Bicep : IDisposable
{
    private const string Main = """
        // resource old 'Microsoft.Storage/storageAccounts@2021-01-01' = {
        /* resource older 'Microsoft.Web/sites@2021-01-01' = {
        */
        param prefix string = 'shop'
        var script = '''
        resource text 'Microsoft.Web/sites@2021-01-01' = {
        '''

        @description('Where orders lie; not {')
        resource orders 'Microsoft.Storage/storageAccounts@2023-01-01' = {
          name: 'shoporders'
          properties: {
            name: 'not this'
            note: 'a } brace and \' a quote'
          }
        }

        resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
          name: 'shared-vault'
        }

        resource sites 'Microsoft.Web/sites@2023-01-01' = [for region in ['a', 'b']: {
          name: '${prefix}-web-${region}'
        }]

        resource plan 'Microsoft.Web/serverfarms@2023-01-01' = if (prefix != '') {
          name: prefix
        }

        resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-01-01' = {
          parent: orders
          name: 'default'
        }
        """;

    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private static string Id(string rest) => $"/subscriptions/6f9619ff-8b86-d011-b42d-00cf4fc964ff/resourceGroups/shop/providers/{rest}";

    private async Task ScanAsync(string deployment, params string[] resources)
    {
        var path = Path.Combine(fixture.Folder, "deployments.json");
        var output = string.Join(',', resources.Select(resource => $$"""{"id":"{{Id(resource)}}"}"""));
        await File.WriteAllTextAsync(path, $$"""{"id":"{{Id($"Microsoft.Resources/deployments/{deployment}")}}","properties":{"provisioningState":"Succeeded","outputResources":[{{output}}] } }""");
        await fixture.ScanCloudAsync([.. resources.Select(resource => new Graph.Collectors.Observation.Seen(GraphFixture.Resource(Id(resource), AzureIdType(resource)) with { Provider = "azure" }))]);
        await fixture.ScanAsync([new SourceSettings("deployments", "arm-deployment") { Path = path }], [new DeploymentCollector()],
            new GivenCode(("infra/main.bicep", Main), ("infra/other.bicep", "resource plan 'Microsoft.Web/serverfarms@2023-01-01' = {\n  name: base\n}\n"), ("CODEOWNERS", "/infra/ @acme/shop\n")));
    }

    private static string AzureIdType(string rest) => rest[..rest.LastIndexOf('/')];

    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts/shoporders", 10)]
    [InlineData("Microsoft.Web/sites/shop-web-a", 22)]
    [InlineData("Microsoft.Web/serverfarms/shop", 26)]
    public async Task Locates_what_a_deployment_made_with_file_line_and_owner(string resource, int line)
    {
        await ScanAsync("main", resource);
        var row = fixture.Graph.Resolve(Id(resource)).Found!;
        Assert.Equal(("infra/main.bicep", line, true, "@acme/shop"), (row.File, row.Line, row.IsManaged, row.Owner));
        Assert.Matches("^resource ", Main.Split('\n')[line - 1]);
    }

    [Theory]
    [InlineData("main", "Microsoft.KeyVault/vaults/shared-vault")]
    [InlineData("main", "Microsoft.Web/sites/elsewhere")]
    [InlineData("nightly-build-42", "Microsoft.Web/serverfarms/shop")]
    [InlineData("main", "Microsoft.Sql/servers/db")]
    public async Task Places_nothing_where_it_would_have_to_guess(string deployment, string resource)
    {
        await ScanAsync(deployment, resource);
        Assert.Null(fixture.Graph.Resolve(Id(resource)).Found!.File);
    }

    [Fact]
    public void Has_types_of_children_and_their_last_lines() =>
        Assert.Equal(
            [("Microsoft.Storage/storageAccounts", 10, 16), ("Microsoft.Web/sites", 22, 24), ("Microsoft.Web/serverfarms", 26, 28), ("Microsoft.Storage/storageAccounts/blobServices", 30, 33)],
            BicepFile.Read("main.bicep", Encoding.UTF8.GetBytes(Main)).Select(one => (one.Type, one.Line, one.EndLine)));

    [Fact]
    public void That_is_cut_anywhere_is_read_as_far_as_it_goes()
    {
        for (var cut = 0; cut <= Main.Length; cut++)
        {
            Assert.InRange(BicepFile.Read("main.bicep", Encoding.UTF8.GetBytes(Main[..cut])).Count, 0, 4);
        }
    }

    [Theory]
    [InlineData("${a}", "anything", false)]
    [InlineData("st${uniqueString(id)}", "stabc123", true)]
    [InlineData("${a}-x-${b}", "1-x-2", true)]
    [InlineData("${a}-x-${b}", "1-y-2", false)]
    [InlineData("acct/default", "default", true)]
    public void Names_fit_by_what_is_written_of_them(string written, string name, bool fits) => Assert.Equal(fits, new BicepDeclaration("f", 1, 1, "T/t", written).Fits(name));
}
