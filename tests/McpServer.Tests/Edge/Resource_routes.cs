using McpInfra.Guardrails;
using McpInfra.Host.Edge;
using Xunit;

namespace McpInfra.Host.Tests.Edge;

public sealed class Resource_routes
{
    [Theory]
    [InlineData("infra://resources?cursor=abc-1", """{"cursor":"abc-1"}""")]
    [InlineData("infra://resources/type/AWS%3A%3AS3%3A%3ABucket?cursor=a%2Fb", """{"type":"AWS::S3::Bucket","cursor":"a/b"}""")]
    [InlineData("infra://findings/severity/high?cursor=x", """{"severity":"high","cursor":"x"}""")]
    [InlineData("infra://resource/a%3Fcursor%3Db", """{"resource":"a?cursor=b"}""")]
    [InlineData("infra://resources", "{}")]
    public void Go_on_where_an_answer_was_cut(string uri, string arguments) =>
        Assert.Equal(arguments, Assert.Single(ResourceRoute.Infra.Select(route => route.Match(uri)).OfType<System.Text.Json.JsonElement>()).GetRawText());

    [Theory]
    [InlineData("infra://resources?cursor=")]
    [InlineData("infra://costs?cursor=x")]
    [InlineData("infra://resources?limit=5")]
    [InlineData("infra://elsewhere?cursor=x")]
    public void Are_nobodys_that_have_no_page_there(string uri) => Assert.All(ResourceRoute.Infra, route => Assert.Null(route.Match(uri)));

    [Fact]
    public void Of_tools_lead_to_a_tool_that_takes_a_cursor() =>
        Assert.All(ResourceRoute.Infra.Where(route => route.Kind is OperationKind.Tool), route => Assert.Contains(route.Operation, (string[])["search_resources", "describe_resource", "list_changes", "search_findings", "search_knowledge"]));
}
