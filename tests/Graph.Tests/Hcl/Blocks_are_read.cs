using System.Text;
using McpInfra.Graph.Hcl;
using Xunit;

namespace McpInfra.Graph.Tests.Hcl;

public sealed class Blocks_are_read
{
    [Fact]
    public void With_labels_and_lines()
    {
        var file = Reading.Of("# one\nresource aws_vpc \"ma\\u0069n\" { // two\n  cidr = \"10.0.0.0/8\"\n  timeouts { create = \"1m\" }\n  empty {}\n}\n");
        var block = Assert.Single(file.Body.Blocks);
        Assert.Null(file.Fault);
        Assert.Equal(("resource", "aws_vpc main", 2, 6), (block.Type, string.Join(' ', block.Labels), block.Span.Line, block.Span.EndLine));
        Assert.Equal(["timeouts", "empty"], block.Body.Blocks.Select(inner => inner.Type));
        Assert.Equal("1m", ((HclExpression.Text)block.Body.Blocks[0].Body.Attribute("create")!.Value).Value);
        Assert.Equal(3, block.Body.Attribute("cidr")!.Span.Line);
    }

    [Fact]
    public void With_a_byte_order_mark_and_carriage_returns()
    {
        var file = Reading.Of("\uFEFFa = 1\r\nb {\r\n  c = <<EOT\r\nx\r\nEOT\r\n}\r\n");
        Assert.Null(file.Fault);
        Assert.Equal(6, file.Body.Blocks[0].Span.EndLine);
    }

    [Fact]
    public void Without_a_newline_at_the_end() => Assert.Null(Reading.Of("a = 1 # done").Fault);

    [Theory]
    [InlineData("a = ", 1, 5, "expected an expression")]
    [InlineData("a = 1 b = 2", 1, 7, "expected a new line")]
    [InlineData("a = 1\na = 2\n", 2, 1, "expected each argument once")]
    [InlineData("b \"x\"\n{}", 1, 6, "expected '=', a label or '{'")]
    [InlineData("b {\n", 2, 1, "expected '}'")]
    [InlineData("b { c {} }", 1, 7, "expected '='")]
    [InlineData("b \"${x}\" {}", 1, 3, "expected a label without template sequences")]
    [InlineData("}", 1, 1, "expected a block or an argument")]
    [InlineData("a = \"x\ny\"", 1, 7, "expected '\"' to end the string on its line")]
    [InlineData("a = \"\\x\"", 1, 6, @"expected one of \n \r \t \"" \\ \uNNNN \UNNNNNNNN")]
    [InlineData("a = \"\\ud800\"", 1, 6, "expected 4 hexadecimal digits of a character")]
    [InlineData("a = <<EOT\nx\n", 3, 1, "expected a line with only the word that ends the text")]
    [InlineData("a = \"%{ if x }\"", 1, 6, "expected an end for this directive")]
    [InlineData("a = \"%{ endfor }\"", 1, 6, "expected a directive that matches the one before")]
    [InlineData("a = /* x", 1, 5, "expected '*/' to end the comment")]
    [InlineData("a = [1 2]", 1, 8, "expected ',' or ']'")]
    [InlineData("a = f(1", 1, 8, "expected ',' or ')'")]
    [InlineData("a = a & b", 1, 7, "expected a new line")]
    [InlineData("a = 1\0", 1, 6, "expected text without NUL")]
    [InlineData("a = 1;", 1, 6, "expected a new line")]
    public void What_is_wrong_is_named_with_its_place(string text, int line, int column, string message)
    {
        var fault = Reading.Of(text).Fault;
        Assert.Equal(new HclFault("main.tf", line, column, message), fault);
    }

    [Fact]
    public void What_stood_before_a_fault_is_kept() =>
        Assert.Equal("a", Reading.Of("a = 1\nb = \n").Body.Attributes.Single().Name);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_named_with_their_line() =>
        Assert.Equal(new HclFault("main.tf", 2, 6, "expected UTF-8"), HclReader.Read("main.tf", Encoding.Latin1.GetBytes("a = 1\nb = \"é\"")).Fault);

    [Theory]
    [InlineData("[")]
    [InlineData("(")]
    [InlineData("{a=")]
    [InlineData("\"${")]
    [InlineData("\"%{if ")]
    [InlineData("!")]
    [InlineData("a[")]
    [InlineData("f(")]
    [InlineData("a ? ")]
    [InlineData("[for x in ")]
    public void Nesting_without_end_is_a_fault(string opening)
    {
        var fault = Reading.Of("a = " + string.Concat(Enumerable.Repeat(opening, 100_000))).Fault;
        Assert.Equal("expected at most 100 levels of nesting", fault?.Message);
    }

    [Fact]
    public void Blocks_within_blocks_without_end_are_a_fault() =>
        Assert.Equal("expected at most 100 levels of nesting", Reading.Of(string.Concat(Enumerable.Repeat("a {\n", 100_000))).Fault?.Message);

    [Fact]
    public void Directives_within_directives_without_end_are_a_fault() =>
        Assert.Equal("expected at most 100 levels of nesting", Reading.Of("a = \"" + string.Concat(Enumerable.Repeat("%{ if x }", 100_000))).Fault?.Message);

    [Fact]
    public void Chains_are_flat_and_may_be_long()
    {
        var file = Reading.Of($"a = {string.Join(" + ", Enumerable.Repeat("x", 50_000))}\nb = x{string.Concat(Enumerable.Repeat(".y", 50_000))}\n");
        Assert.Null(file.Fault);
        Assert.Equal(50_000, ((HclExpression.Operation)file.Body.Attributes[0].Value).Operands.Count);
        Assert.Equal(50_000, ((HclExpression.Traversal)file.Body.Attributes[1].Value).Steps.Count);
    }

    [Fact]
    public void A_file_of_50_MB_is_a_fault_and_not_read() =>
        Assert.Equal("expected at most 4 MiB", HclReader.Read("main.tf", new byte[50 * 1024 * 1024]).Fault?.Message);

    [Fact]
    public void More_expressions_than_anyone_writes_are_a_fault() =>
        Assert.Equal("expected at most 400000 expressions in one file", Reading.Of($"a = [{string.Concat(Enumerable.Repeat("1,", 500_000))}]").Fault?.Message);
}
