using McpInfra.Graph.Collectors;
using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Queries;

public sealed class What_comes_nearest
{
    [Theory]
    [InlineData("payments-apy-prod-017")]
    [InlineData("payment-api-prod-017")]
    [InlineData("payments-api-prdo-017")]
    [InlineData("Payments-api-prod-O17")]
    [InlineData("payments-api--prod-017")]
    public async Task Is_the_resource_whose_name_has_one_place_wrong(string asked)
    {
        using var fixture = new GraphFixture();
        string[] services = ["payments-api", "orders-web", "billing-job", "search-index"];
        await fixture.ScanCloudAsync([.. from service in services from number in Enumerable.Range(1, 60) select new Observation.Seen(Resource($"arn:aws:x:us-east-1:1:{service}/{number}", name: $"{service}-prod-{number:000}"))]);
        var resolved = fixture.Graph.Resolve(asked);
        Assert.Null(resolved.Found);
        Assert.Equal(5, resolved.Nearest.Count);
        Assert.Equal("payments-api-prod-017", resolved.Nearest[0].Name);
    }

    [Fact]
    public async Task Of_a_short_name_is_what_shares_a_piece_of_it()
    {
        using var fixture = new GraphFixture();
        await fixture.ScanCloudAsync([new Observation.Seen(Resource("arn:aws:x:us-east-1:1:a/1", name: "orders")), new Observation.Seen(Resource("arn:aws:x:us-east-1:1:a/2", name: "billing"))]);
        Assert.Equal("orders", Assert.Single(fixture.Graph.Resolve("ordres").Nearest).Name);
        Assert.Equal("billing", Assert.Single(fixture.Graph.Resolve("bill!").Nearest).Name);
        Assert.Empty(fixture.Graph.Resolve("zzzzzzzzzzzz").Nearest);
        Assert.Empty(fixture.Graph.Resolve("zz").Nearest);
    }
}
