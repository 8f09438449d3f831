using System.Text;
using CsCheck;
using McpInfra.Graph.Hcl;
using Xunit;

namespace McpInfra.Graph.Tests.Hcl;

public sealed class Any_bytes_are_read
{
    private static readonly string[] Names = ["main.tf", "main.tf.json", "terraform.tfvars", "x.auto.tfvars.json"];

    private static readonly string[] Words =
    [
        "a", "b ", "=", " = ", "{", "}", "[", "]", "(", ")", "\"", "${", "%{", "~", "}", "\n", "\r\n", "\r", "#", "//", "/*", "*/", "<<A\n", "<<-A\n", "A\n", " A\n", "if ", "else", "endif", "for ", "endfor", " in ", ":", "=>", "...",
        ",", ".", ".*", "[*]", "::", "?", "+", "-", "!", "\\", "\\u0041", "1", "1.5e3", "null", "true", "$${", "%%{", "\"x\"", "é", "\u2028", "\0", "resource", "\"resource\":", "{}", "[]",
    ];

    private static readonly Gen<string> Soup = Gen.Int[0, Words.Length - 1].Select(at => Words[at]).List[0, 60].Select(string.Concat);

    private static void Holds(HclFile file, int length)
    {
        if (file.Fault is { } fault)
        {
            Assert.InRange(fault.Line, 1, length + 1);
            Assert.InRange(fault.Column, 1, length + 1);
            Assert.StartsWith("expected ", fault.Message.Replace("in the template of this string, ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        foreach (var attribute in file.Body.Attributes)
        {
            Assert.InRange(attribute.Span.EndLine, attribute.Span.Line, length + 1);
            Assert.NotNull(Reading.Shape(attribute.Value));
        }
    }

    [Fact]
    public void With_an_answer_and_no_exception() => Gen.Byte.Array[0, 200].Sample(
        bytes =>
        {
            foreach (var name in Names)
            {
                Holds(HclReader.Read(name, bytes), bytes.Length);
            }

            Holds(HclReader.ReadTemplate("x.tpl", bytes), bytes.Length);
        },
        iter: 20_000);

    [Fact]
    public void And_so_is_any_heap_of_the_languages_own_words() => Soup.Sample(
        text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            foreach (var name in Names)
            {
                Holds(HclReader.Read(name, bytes), bytes.Length);
            }

            Holds(HclReader.ReadTemplate("x.tpl", bytes), bytes.Length);
        },
        iter: 50_000);

    [Fact]
    public void And_every_beginning_of_a_real_file() => Gen.Int[0, 5_000].Sample(
        seed =>
        {
            var text = new HclWriter(new Random(seed)).File();
            var bytes = Encoding.UTF8.GetBytes(text[..(seed % (text.Length + 1))]);
            Holds(HclReader.Read("main.tf", bytes), bytes.Length);
        },
        iter: 2_000);

    [Fact]
    public void Reading_twice_gives_the_same() => Gen.Int[0, 5_000].Sample(
        seed =>
        {
            var text = new HclWriter(new Random(seed)).File();
            Assert.Equal(HashiCorpsForm.Of(Reading.Of(text), text).ToJsonString(), HashiCorpsForm.Of(Reading.Of(text), text).ToJsonString());
        },
        iter: 500);

    [Theory]
    [InlineData("x = 1 /*", "y", "*/\n")]
    [InlineData("x = ", "!", "")]
    [InlineData("", "x = <<A\n", "")]
    [InlineData("x = <<A\n", "A x\n", "")]
    [InlineData("x = \"", "${y}", "\"")]
    [InlineData("x = \"", "%{if y}%{endif}", "\"")]
    [InlineData("x = ", "y ? z : ", "1\n")]
    [InlineData("x = [", "1,", "]\n")]
    [InlineData("x = f(", "y,", ")\n")]
    [InlineData("x = y", "[0]", "\n")]
    [InlineData("", "b {}\n", "")]
    [InlineData("x = 1", " ", "\n")]
    [InlineData("b ", "l ", "{}\n")]
    public void A_million_characters_of_one_thing_get_an_answer(string before, string repeated, string after)
    {
        var text = before + string.Concat(Enumerable.Repeat(repeated, 1_000_000 / repeated.Length)) + after;
        var file = Reading.Of(text);
        Assert.True(file.Fault is null || file.Fault.Message.StartsWith("expected", StringComparison.Ordinal));
    }
}
