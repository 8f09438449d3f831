using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Tools.Knowledge;
using McpInfra.Tools.Tests.Resources;
using Xunit;

namespace McpInfra.Tools.Tests.Knowledge;

public sealed class Search_knowledge(Estate estate)
{
    private Operation Search => ToolOperation.From<SearchKnowledge, SearchKnowledge.Args>(new SearchKnowledge(estate.Graphs));

    [Fact]
    public async Task Answers_as_the_golden_files_say() => Golden.Is("Knowledge/golden/knowledge", (await Estate.AskAsync(Search, "{\"query\":\"encrypt personal data\"}", structured: true)).Answer);

    [Fact]
    public void Has_the_schema_of_the_golden_file() => Golden.IsSchema("Knowledge/golden/knowledge-schema.json", Search);

    [Fact]
    public async Task What_documents_say_is_never_in_our_own_words()
    {
        var (answer, _) = await Estate.AskAsync(Search, "{\"query\":\"records\",\"kinds\":[\"runbook\"]}");
        Assert.DoesNotContain("records", string.Join('\n', answer.Parts.Where(part => part.Trust is Trust.Own).Select(part => part.Text)), StringComparison.Ordinal);
        Assert.Contains("docs/runbook-records.md", Assert.Single(answer.Parts, part => part.Trust is Trust.Tenant).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "query is missing")]
    [InlineData("{\"query\":\"x\",\"kinds\":[\"gossip\"]}", "kinds[0] must be one of document, decision, runbook, readme, owners, catalog")]
    public void Words_that_mean_nothing_are_faults_that_name_what_does(string arguments, string fault) =>
        Assert.Equal(fault, Search.Bind(JsonDocument.Parse(arguments).RootElement).Fault);
}
