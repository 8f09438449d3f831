using System.Text.Json;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Azure;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Azure;

/// <summary>What Azure really answered: Resource Graph's own recorded answers, and Resource Manager's as the rows that Resource Graph makes of them.</summary>
public sealed class Recorded_answers_of_Azure
{
    [Fact]
    public async Task Of_Resource_Graph_are_read_whole()
    {
        var answers = Interactions().Where(one => one.Uri.Contains("Microsoft.ResourceGraph/resources", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.NotEmpty(answers);
        foreach (var (_, answer) in answers)
        {
            await using var azure = await WireCloud.StartAsync();
            var subscription = answer.GetProperty("data").GetProperty("rows")[0].EnumerateArray().Select(cell => cell.ToString()).First(cell => Guid.TryParse(cell, out _));
            azure.On("POST", ResourceGraphServer.Path, asked => new CloudAnswer(
                asked.Body.Contains("\"Resources", StringComparison.Ordinal) ? answer.GetRawText()
                : asked.Body.Contains("\"ResourceContainers", StringComparison.Ordinal) ? $$$$"""{"data":[{"id":"/subscriptions/{{{{subscription}}}}","type":"microsoft.resources/subscriptions","name":"s"}]}""" : """{"data":[]}"""));
            var rows = answer.GetProperty("data").GetProperty("rows").GetArrayLength();
            var scan = Observed.ByAsync(
                new AzureCollector(new GivenSecrets(), TimeProvider.System), new("azure", "azure") { Accounts = [new("") { Endpoint = azure.Endpoint, Scopes = [subscription] }] }, TestContext.Current.CancellationToken);
            if (rows < answer.GetProperty("totalRecords").GetInt32())
            {
                Assert.Contains($"{rows} of ", (await Assert.ThrowsAsync<SourceException>(() => scan)).Message); // Whoever recorded it has cut the rows, and that is seen.
                continue;
            }

            var seen = await scan;
            Assert.Equal(rows + 1, seen.Resources.Count);
            Assert.All(seen.Resources, resource => Assert.Equal(subscription, resource.Account));
        }
    }

    [Fact]
    public async Task Of_Resource_Manager_arrive_fact_by_fact_and_hold_no_secret()
    {
        await using var azure = await ResourceGraphServer.StartAsync(ResourceGraphServer.Prod);
        var recorded = Interactions().SelectMany(one => one.Answer.TryGetProperty("value", out var list) && list.ValueKind is JsonValueKind.Array ? list.EnumerateArray().ToArray() : [one.Answer])
            .Where(row => row.ValueKind is JsonValueKind.Object && row.Text("id")?.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) is true && row.Text("type") is not null)
            .DistinctBy(row => row.Text("id"), StringComparer.OrdinalIgnoreCase).ToDictionary(row => row.Text("id")!, row => row);
        foreach (var row in recorded.Values)
        {
            azure.Add(ResourceGraphServer.Prod, "Resources", row.GetRawText());
        }

        var source = new SourceSettings("azure", "azure") { Accounts = [new("") { Endpoint = azure.Wire.Endpoint, Scopes = [ResourceGraphServer.Prod] }] };
        var seen = await Observed.ByAsync(new AzureCollector(new GivenSecrets(), TimeProvider.System), source, TestContext.Current.CancellationToken);
        Assert.Empty(seen.Failures);
        Assert.True(recorded.Count > 700 && seen.Resources.Select(resource => resource.Type.ToLowerInvariant()).Distinct().Count() > 100, $"{recorded.Count} resources");
        var facts = new RecordedFacts(seen, "Azure");
        foreach (var (id, row) in recorded)
        {
            facts.Compare(id, row.Child("properties") ?? default);
            facts.Compare(id, JsonSerializer.SerializeToElement(row.EnumerateObject().Where(member => member.Name != "properties").ToDictionary(member => member.Name, member => member.Value)));
        }

        facts.Check();
        Assert.Superset(
            new HashSet<string>(["CONTAINS", "HOSTS", "SECURED_BY", "ATTACHED_TO", "USES", "ENCRYPTED_BY"]), seen.All.OfType<Observation.Related>().Select(related => Vocabulary.Name(related.Relation.Type)).ToHashSet());
        Assert.All(seen.Resources, resource => Assert.DoesNotContain(resource.Configuration, fact => fact.Value?.GetValueKind() is JsonValueKind.String && (fact.Key.EndsWith("password", StringComparison.OrdinalIgnoreCase) || fact.Key.EndsWith("connectionString", StringComparison.OrdinalIgnoreCase))));
    }

    private static List<(string Uri, JsonElement Answer)> Interactions() =>
    [
        .. Recordings.Below("c7n_azure/").Where(file => file.Path.EndsWith(".json", StringComparison.Ordinal)).SelectMany(file => JsonElement.Parse(file.Text).Items("interactions").ToArray())
            .Select(one => (one.Child("request")?.Text("uri") ?? "", one.Child("response")?.Child("body")?.Child("data") ?? default)).Where(one => one.Item2.ValueKind is JsonValueKind.Object),
    ];
}
