using Xunit;

namespace McpInfra.Tools.Tests.Plans.Rules;

public sealed class What_differs_in_CI
{
    [Theory]
    [InlineData("timestamp()", "timestamp may")]
    [InlineData("core::timestamp()", "timestamp may")]
    [InlineData("plantimestamp()", "plantimestamp may")]
    [InlineData("uuid()", "uuid may")]
    [InlineData("bcrypt(\"x\")", "bcrypt may")]
    [InlineData("pathexpand(\"~/x\")", "pathexpand may")]
    [InlineData("abspath(path.module)", "abspath may")]
    [InlineData("fileexists(\"plain.tf\")", "fileexists may")]
    [InlineData("fileset(path.module, \"*.tf\")", "fileset may")]
    [InlineData("path.cwd", "path.cwd is another folder")]
    [InlineData("\"${path.cwd}/x\"", "path.cwd is another folder")]
    [InlineData("terraform.workspace", "terraform.workspace is `default` here")]
    [InlineData("[for x in [1] : terraform.workspace == \"prod\" ? 1 : 2]", "terraform.workspace is `default` here")]
    public void Is_a_warning_with_its_place(string expression, string rule)
    {
        var result = Sample.Of($"\nlocals {{\n  x = {expression}\n}}\n");
        Assert.True(result.Passed, string.Join('\n', result.Faults));
        var warning = Assert.Single(result.Warnings);
        Assert.Equal(("main.tf", 3), (warning.File, warning.Line));
        Assert.StartsWith(rule, warning.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pathexpand(\"~/.aws/credentials\")", "file(pathexpand(\"~/.aws/credentials\"))")]
    [InlineData("abspath(\"/etc\")", "fileset(abspath(\"/etc\"), \"*\")")]
    [InlineData("path.cwd", "file(\"${path.cwd}/../x\")")]
    public void Is_refused_where_it_would_choose_a_file(string harmless, string reads)
    {
        Assert.True(Sample.Of($"locals {{\n  x = {harmless}\n}}\n").Passed);
        Assert.False(Sample.Of($"locals {{\n  x = {reads}\n}}\n").Passed);
    }

    [Fact]
    public void Is_a_variables_file_that_only_a_flag_reads()
    {
        var result = new Sample().With("main.tf", "variable \"x\" {\n  default = 1\n}\n").With("prod.tfvars", "x = 2\n").With("a.auto.tfvars", "x = 3\n").Check();
        Assert.Equal("prod.tfvars", Assert.Single(result.Warnings).File);
    }
}
