using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Scanning;

public sealed class Azure_is_scanned
{
    private const string Subscription = "11111111-1111-1111-1111-111111111111";
    private const string Group = $"/subscriptions/{Subscription}/resourceGroups/app/providers";

    [Fact]
    public async Task By_the_command_with_an_issued_token_and_answers_over_MCP()
    {
        await using var azure = await WireCloud.StartAsync();
        azure.On("GET", "/msi/token", _ => new CloudAnswer("""{"access_token":"eyJ-of-the-machine","expires_on":"4102444800","resource":"https://management.azure.com","token_type":"Bearer"}"""));
        azure.On("POST", "/providers/Microsoft.ResourceGraph/resources", asked => new CloudAnswer(Rows(asked.Json.GetProperty("query").GetString()!)));
        using var scanned = new Scanned(
            $$"""sources: [ { name: azure, kind: azure, subscriptions: [{{Subscription}}], endpoint: "{{azure.Endpoint}}", credentials: { scan: { azure: { managed_identity: {} } } } } ]""",
            new Dictionary<string, string?> { ["IDENTITY_ENDPOINT"] = $"{azure.Endpoint}msi/token", ["IDENTITY_HEADER"] = "x" });
        await using var client = await scanned.ServeAsync();

        Assert.Equal("invoices", await Scanned.NamesAsync(client, new { type = "Microsoft.Storage/storageAccounts", tag = "team=pay" }));
        Assert.Contains("invoices", await Scanned.TraceAsync(client, "vault", "impact"));
        Assert.Contains("Storage account public access", (await client.CallAsync("describe_resource", new { resource = "invoices" })).Text, StringComparison.Ordinal);
        Assert.All(azure.Requests.Where(request => request.Method == "POST"), request => Assert.Equal("Bearer eyJ-of-the-machine", request.Authorization));
        Assert.DoesNotContain("eyJ-of-the-machine", scanned.Written(), StringComparison.Ordinal);
        Assert.Contains("Azure managed identity", scanned.Written(), StringComparison.Ordinal); // The issue is in the trail.
    }

    private static string Rows(string query) => query.Split([' ', '\n'])[0] switch
    {
        "ResourceContainers" => $$"""{"data":[{"id":"/subscriptions/{{Subscription}}","name":"prod","type":"microsoft.resources/subscriptions"}]}""",
        "Resources" => $$$$"""
            {"data":[{"id":"{{{{Group}}}}/Microsoft.Storage/storageAccounts/invoices","name":"invoices","type":"microsoft.storage/storageaccounts","location":"westeurope","tags":{"team":"pay"},
             "properties":{"encryption":{"keySource":"Microsoft.Keyvault","keyvaultproperties":{"keyid":"{{{{Group}}}}/Microsoft.KeyVault/vaults/vault"} }}},
             {"id":"{{{{Group}}}}/Microsoft.KeyVault/vaults/vault","name":"vault","type":"microsoft.keyvault/vaults","location":"westeurope","properties":{}}]}
            """,
        "securityresources" => $$$$"""{"data":[{"id":"{{{{Group}}}}/Microsoft.Storage/storageAccounts/invoices/providers/Microsoft.Security/assessments/a","name":"a","type":"microsoft.security/assessments","properties":{"status":{"code":"Unhealthy"},"displayName":"Storage account public access should be disallowed","metadata":{"severity":"Medium"} }}]}""",
        _ => """{"data":[]}""",
    };
}
