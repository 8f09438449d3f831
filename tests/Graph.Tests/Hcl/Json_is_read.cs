using McpInfra.Graph.Hcl;
using Xunit;

namespace McpInfra.Graph.Tests.Hcl;

public sealed class Json_is_read
{
    private static HclFile Read(string text) => Reading.Of(text, "main.tf.json");

    [Fact]
    public void Words_of_the_language_become_blocks()
    {
        var file = Read("""
            {
              "//": "a comment",
              "resource": {
                "aws_vpc": {
                  "main": { "cidr_block": "10.0.0.0/8", "provisioner": [{ "local-exec": { "command": "${file(\"x\")}" } }] },
                  "other": [{ "tags": { "${k}": "v" } }]
                }
              },
              "terraform": [{ "required_providers": { "aws": { "source": "hashicorp/aws" } } }],
              "locals": { "a": 1 }
            }
            """);
        Assert.Null(file.Fault);
        Assert.Equal(["resource", "resource", "terraform", "locals"], file.Body.Blocks.Select(block => block.Type));
        var main = file.Body.Blocks[0];
        Assert.Equal(["aws_vpc", "main"], main.Labels);
        Assert.Equal(5, main.Span.Line);
        Assert.Equal(["local-exec"], main.Body.Blocks.Single().Labels);
        Assert.Equal("<${file('x')}>", Reading.Shape(main.Body.Blocks[0].Body.Attribute("command")!.Value));
        Assert.Equal("{<${k}>='v'}", Reading.Shape(file.Body.Blocks[1].Body.Attribute("tags")!.Value));
        Assert.Equal("required_providers", file.Body.Blocks[2].Body.Blocks.Single().Type);
    }

    [Fact]
    public void A_key_that_occurs_twice_is_kept_twice() =>
        Assert.Equal(2, Read("""{"module": {"a": {"source": "./x"}, "a": {"source": "./y"}}}""").Body.Blocks.Count);

    [Fact]
    public void Values_of_variables_files_are_not_templates()
    {
        var file = Reading.Of("""{"resource": "${not a template"}""", "terraform.tfvars.json");
        Assert.Null(file.Fault);
        Assert.Equal("'${not a template'", Reading.Shape(file.Body.Attribute("resource")!.Value));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("[1]", 1)]
    [InlineData("{\n\"a\": }", 2)]
    [InlineData("{} {}", 1)]
    [InlineData("{\n\n\"a\": \"${\"}", 3)]
    [InlineData("{\n\"resource\": \"x\"}", 2)]
    [InlineData("{\n\"a\": \"\\ud800\"}", 2)]
    [InlineData("{\n\"a\": \"x\", // no\n\"b\":1}", 2)]
    public void What_is_wrong_is_named_with_its_line(string text, int line) => Assert.Equal(line, Read(text).Fault?.Line);

    [Fact]
    public void Nesting_without_end_is_a_fault() => Assert.NotNull(Read(new string('[', 100_000)).Fault);
}
