using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Providers;

public sealed class Versions_are_compared
{
    [Theory]
    [InlineData("~> 5.2", "5.2.0", true)]
    [InlineData("~> 5.2", "5.99.1", true)]
    [InlineData("~> 5.2", "6.0.0", false)]
    [InlineData("~> 5.2.3", "5.2.9", true)]
    [InlineData("~> 5.2.3", "5.3.0", false)]
    [InlineData("~> 5", "5.9.0", true)]
    [InlineData("~> 5", "6.0.0", false)]
    [InlineData(">= 5.0, < 5.3, != 5.1.0", "5.2.9", true)]
    [InlineData(">= 5.0, < 5.3, != 5.1.0", "5.1.0", false)]
    [InlineData("5.1.0", "5.1.0", true)]
    [InlineData("= 5.1.0", "5.1.1", false)]
    [InlineData("> 5.1.0-rc1", "5.2.0-rc1", false)]
    [InlineData("5.1.0-rc1", "5.1.0-rc1", true)]
    [InlineData("~> 5.2", "6.0.0-beta1", false)]
    [InlineData("", "1.0.0", true)]
    public void As_the_engine_does(string constraints, string version, bool allowed) =>
        Assert.Equal(allowed, VersionConstraints.Parse(constraints)!.Allow(ProviderVersion.Parse(version)!));

    [Fact]
    public void And_ordered_with_prereleases_before_the_release() =>
        Assert.Equal(
            ["1.9.0", "1.10.0-alpha", "1.10.0-alpha.1", "1.10.0-alpha.2", "1.10.0-alpha.10", "1.10.0-beta", "1.10.0", "2.0.0"],
            new[] { "1.10.0", "1.10.0-alpha.10", "2.0.0", "1.10.0-beta", "1.9.0", "1.10.0-alpha.2", "1.10.0-alpha", "1.10.0-alpha.1" }.Select(ProviderVersion.Parse).Order().Select(version => version!.ToString()));

    [Theory]
    [InlineData("latest")]
    [InlineData("1.2.3.4")]
    [InlineData(">= ")]
    [InlineData("~> 99999999999")]
    public void And_nothing_else_is_one(string text) => Assert.Null(VersionConstraints.Parse(text));

    [Theory]
    [InlineData("hashicorp/../aws")]
    [InlineData("a/b/c/d")]
    [InlineData("aws")]
    [InlineData("evil.example/%2e%2e/aws")]
    [InlineData("/hashicorp/aws")]
    [InlineData("registry.terraform.io/hashicorp/aws/")]
    [InlineData("-x/aws")]
    public void And_an_address_is_never_a_path_out(string source) => Assert.Null(ProviderAddress.Parse(source));
}
