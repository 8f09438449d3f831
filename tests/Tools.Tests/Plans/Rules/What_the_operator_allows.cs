using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Rules;

public sealed class What_the_operator_allows
{
    private static string Rule(AllowedCode allowed, string code) => new Sample { Allowed = allowed }.With("main.tf", code).Check().Faults is [var first, ..] ? first.Rule : "";

    private static string Data(string type, params string[] allowed) => Rule(new() { Data = allowed }, $"data \"{type}\" \"x\" {{}}\n");

    [Fact]
    public void Data_sources_by_name_and_glob()
    {
        Assert.Equal("", Data("aws_vpc", "*"));
        Assert.Equal("", Data("aws_vpc", "aws_*"));
        Assert.Equal("", Data("aws_vpc", "aws_vpc"));
        Assert.Equal("the data source is not on the list of those that may be read", Data("aws_vpc", "google_*"));
        Assert.Equal("the data source is not on the list of those that may be read", Data("aws_vpc", []));
    }

    [Fact]
    public void A_data_source_that_is_refused_by_default_only_by_its_name_in_full()
    {
        Assert.Contains("reads files", Data("archive_file", "*"), StringComparison.Ordinal);
        Assert.Contains("reads files", Data("archive_file", "archive_*"), StringComparison.Ordinal);
        Assert.Equal("", Data("archive_file", "archive_file"));
    }

    [Fact]
    public void Functions_of_a_provider_by_source_and_name()
    {
        const string code = "terraform {\n  required_providers {\n    t = { source = \"acme/thing\" }\n  }\n}\nlocals {\n  x = provider::t::parse(\"x\")\n}\n";
        Assert.Equal("", Rule(new() { Providers = ["acme/thing"], Functions = ["acme/thing::parse"] }, code));
        Assert.Contains("provider's function", Rule(new() { Providers = ["acme/thing"] }, code), StringComparison.Ordinal);
        Assert.Contains("provider's function", Rule(new() { Providers = ["acme/thing"], Functions = ["acme/thing::other"] }, code), StringComparison.Ordinal);
        Assert.Contains("provider's function", Rule(new() { Providers = ["acme/thing"], Functions = ["acme/other::parse"] }, code), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_list_changes_the_mark_that_plans_rest_on()
    {
        AllowedCode[] some = [new(), new() { Providers = ["a/b"] }, new() { Functions = ["a/b"] }, new() { Data = ["a/b"] }, new() { Data = [] }, new() { Providers = ["a", "b"] }, new() { Providers = ["a b"] }];
        Assert.Equal(some.Length, some.Select(one => one.Mark).Distinct().Count());
        Assert.Equal(new AllowedCode { Providers = ["a/b", "c/d"] }.Mark, new AllowedCode { Providers = ["c/d", "a/b"] }.Mark);
    }
}
