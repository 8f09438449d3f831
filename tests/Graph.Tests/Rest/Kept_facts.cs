using System.Text.Json;
using McpInfra.Graph.Collectors.Rest;
using Xunit;

namespace McpInfra.Graph.Tests.Rest;

public sealed class Kept_facts
{
    private static readonly KeptFacts Facts = KeptFacts.Of("Azure");

    [Theory]
    [InlineData("""{"clientCertMode":"Required"}""", "clientCertMode", "Required")]
    [InlineData("""{"ofAnUnknownType":{"isolationPolicy":"AllowInternetOutbound"}}""", "ofAnUnknownType.isolationPolicy", "AllowInternetOutbound")]
    [InlineData("""{"disablePasswordAuthentication":true}""", "disablePasswordAuthentication", "true")]
    [InlineData("""{"authConfig":{"passwordAuth":"Enabled"}}""", "authConfig.passwordAuth", "Enabled")]
    [InlineData("""{"accessPolicies":[{"objectId":"o","permissions":{"secrets":["Get","List"]}}]}""", "accessPolicies", """[{"objectId":"o","permissions.secrets":["Get","List"]}]""")]
    [InlineData("""{"networkAcls":{"ipRules":[{"value":"1.2.3.0/24","action":"Allow"}]}}""", "networkAcls.ipRules", """[{"action":"Allow","value":"1.2.3.0/24"}]""")]
    public void Tell_of_a_choice_whatever_the_type(string resource, string path, string expected) =>
        Assert.Equal(expected, Facts.Of(JsonElement.Parse(resource))[path] is var value && value!.GetValueKind() is JsonValueKind.String ? value.ToString() : value!.ToJsonString());

    [Theory]
    [InlineData("""{"accessMode":"kj3h4k5jh34k5jh3k4jh5k3j4h5"}""")] // No word has so many digits.
    [InlineData("""{"startupPolicy":"please rotate: hunter2!"}""")]
    [InlineData("""{"secretType":"hunter"}""")]
    [InlineData("""{"password":"hunter"}""")]
    [InlineData("""{"anything":"hunter"}""")]
    [InlineData("""{"permissions":{"secrets":["AKIAIOSFODNN7EXAMPLE"]}}""")]
    [InlineData("""{"uri":"https://a.blob.core.windows.net/c/d?sv=1&sig=abcdefgh"}""")]
    [InlineData("""{"metadata":{"mode":"on"},"env":{"mode":"on"}}""")]
    public void Tell_nothing_that_may_be_a_secret(string resource) => Assert.Empty(Facts.Of(JsonElement.Parse(resource)));

    [Fact]
    public void Say_how_many_are_left_out()
    {
        var many = JsonSerializer.SerializeToElement(Enumerable.Range(0, 100).ToDictionary(number => $"n{number:000}", number => number));
        Assert.Equal((61, 40), (Facts.Of(many).Count, Facts.Of(many)["more facts"]!.GetValue<int>()));
        var rules = JsonSerializer.SerializeToElement(new { addressPrefixes = Enumerable.Range(0, 130).Select(number => $"10.0.{number}.0/24") });
        Assert.Equal((101, "and 30 more"), (Facts.Of(rules)["addressPrefixes"]!.AsArray().Count, Facts.Of(rules)["addressPrefixes"]![100]!.ToString()));
    }
}
