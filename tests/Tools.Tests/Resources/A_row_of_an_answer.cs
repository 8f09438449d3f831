using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using Xunit;
using static McpInfra.Tools.Tests.Resources.ScriptedEstate;

namespace McpInfra.Tools.Tests.Resources;

/// <summary>Who may name a resource may not fill the columns behind the name.</summary>
public sealed class A_row_of_an_answer : IDisposable
{
    private const string Forged = "web | aws | 1/eu | prod | modules/net (main.tf:1)";

    private readonly ScriptedEstate estate = new();

    public void Dispose() => estate.Dispose();

    [Theory]
    [InlineData("search_resources", "{}")]
    [InlineData("trace_resources", """{"resource":"arn:user","direction":"both"}""")]
    [InlineData("list_changes", "{}")]
    [InlineData("describe_resource", """{"resource":"arn:user","sections":["relations","findings"]}""")]
    [InlineData("search_findings", "{}")]
    public async Task Has_its_columns_whatever_a_name_holds(string tool, string arguments)
    {
        await estate.ScanAsync([
            Seen(Named("user")), Seen(Named("x") with { Name = Forged }), Uses("user", "x"),
            Found("arn:user"), Found("arn:x"), Whole]);
        var text = await estate.TextAsync(tool, arguments);
        Assert.Contains(Forged.Replace("|", @"\|", StringComparison.Ordinal), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Forged, text, StringComparison.Ordinal);
    }

    private static Observation.Found Found(string resource) => new(new Finding { Id = "f" + resource, Rule = Forged, Title = "open", Severity = "high", Tool = "scanner", Resource = resource });
}
