using System.Text;
using McpInfra.Graph.Hcl;
using Xunit;

namespace McpInfra.Graph.Tests.Hcl;

public sealed class The_code_index
{
    private static CodeIndex Index(string stack, params (string Path, string Text)[] files) =>
        CodeIndex.Build(files.ToDictionary(file => file.Path, file => Encoding.UTF8.GetBytes(file.Text)), stack);

    private static readonly CodeIndex Estate = Index(
        "infra/prod",
        ("infra/prod/main.tf", """
            resource "aws_vpc" "main" {
              count = 2
            }
            module "a" {
              source   = "../../modules/a"
              for_each = toset(["x"])
            }
            data "aws_ami" "base" {}
            check "up" {
              data "aws_instance" "probe" {}
            }
            """),
        ("infra/prod/other.tf.json", """{"resource": {"aws_s3_bucket": {"logs": {}}}}"""),
        ("infra/prod/override.tf", "resource \"aws_vpc\" \"main\" {\n}\n"),
        ("infra/prod/.hidden.tf", "resource \"aws_vpc\" \"hidden\" {}\n"),
        ("infra/prod/main.tf/x.txt", "a folder's file"),
        ("infra/prod/nested/main.tf", "resource \"aws_vpc\" \"nested\" {}\n"),
        ("modules/a/main.tf", "module \"b\" {\n  source = \"./b/\"\n}\n"),
        ("modules/a/b/main.tf", "\n\nresource \"aws_x\" \"y\" {\n  for_each = {}\n}\n"));

    [Theory]
    [InlineData("aws_vpc.main", "infra/prod/main.tf", 1, 3)]
    [InlineData("aws_vpc.main[0]", "infra/prod/main.tf", 1, 3)]
    [InlineData("module.a", "infra/prod/main.tf", 4, 7)]
    [InlineData("data.aws_ami.base", "infra/prod/main.tf", 8, 8)]
    [InlineData("data.aws_instance.probe", "infra/prod/main.tf", 10, 10)]
    [InlineData("aws_s3_bucket.logs", "infra/prod/other.tf.json", 1, 1)]
    [InlineData("module.a[\"x\"].module.b.aws_x.y[\"k\"]", "modules/a/b/main.tf", 3, 5)]
    [InlineData("module.a[\"x\"].module.b.aws_x.y[\"a]\\\".b[\"]", "modules/a/b/main.tf", 3, 5)]
    public void Leads_from_an_address_to_its_lines(string address, string file, int line, int end) =>
        Assert.Equal(new CodeLocation(file, line, end), Estate.Find(address));

    [Theory]
    [InlineData("aws_vpc.hidden")]
    [InlineData("aws_vpc.nested")]
    [InlineData("aws_vpc.main[")]
    [InlineData("aws_vpc.main[\"x]")]
    [InlineData("")]
    public void Knows_no_other_address(string address) => Assert.Null(Estate.Find(address));

    [Fact]
    public void Lists_what_is_declared_with_its_type() => Assert.Equal(
        "aws_vpc.main data.aws_ami.base data.aws_instance.probe aws_s3_bucket.logs module.a.module.b.aws_x.y",
        string.Join(' ', Estate.Declared.Select(one => one.Address)));

    [Fact]
    public void Leads_from_a_line_to_every_address_it_declares()
    {
        var index = Index(".", ("main.tf", "module \"a\" {\n source = \"./m\"\n}\nmodule \"b\" {\n source = \"./m\"\n}\n"), ("m/x.tf", "resource \"t\" \"n\" {\n}\n"));
        Assert.Equal(["module.a.t.n", "module.b.t.n"], index.At("m/x.tf", 2).Select(one => one.Address));
        Assert.Empty(index.At("m/x.tf", 3));
    }

    [Fact]
    public void A_module_that_includes_itself_ends()
    {
        var index = Index(".", ("main.tf", "module \"a\" {\n source = \"./m\"\n}\n"), ("m/x.tf", "module \"a\" {\n source = \"../\"\n}\nresource \"t\" \"n\" {}\n"));
        Assert.Equal("module.a.t.n", Assert.Single(index.Declared).Address);
    }

    [Fact]
    public void Modules_that_double_at_each_level_end_at_the_limit()
    {
        var files = Enumerable.Range(0, 19).Select(level => ($"m{level}/x.tf", string.Concat(Enumerable.Range(0, 8).Select(at => $"module \"m{at}\" {{\n source = \"../m{level + 1}\"\n}}\n")))).ToArray();
        var index = Index("m0", [.. files, ("m19/x.tf", "resource \"t\" \"n\" {}\n")]);
        Assert.Single(index.Faults);
    }

    [Fact]
    public void A_file_that_does_not_parse_is_named_and_the_rest_is_indexed()
    {
        var index = Index(".", ("a.tf", "resource \"t\" \"a\" {}\nresource \"t\" \"b\" {\n x = \n}\n"), ("b.tf", "resource \"t\" \"c\" {}\n"));
        Assert.Equal(new HclFault("a.tf", 3, 6, "expected an expression"), Assert.Single(index.Faults));
        Assert.Equal(["t.a", "t.c"], index.Declared.Select(one => one.Address));
    }

    [Theory]
    [InlineData("../../../etc")]
    [InlineData("/etc")]
    [InlineData("hashicorp/x/aws")]
    [InlineData("./a\\\\b")]
    public void A_module_from_elsewhere_is_not_followed(string source) =>
        Assert.Empty(Index("a/b", ("a/b/main.tf", $"module \"m\" {{\n source = \"{source}\"\n}}\n"), ("etc/x.tf", "resource \"t\" \"n\" {}\n")).Declared);
}
