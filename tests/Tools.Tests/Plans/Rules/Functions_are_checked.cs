using McpInfra.Tools.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Rules;

public sealed class Functions_are_checked
{
    private const string Path = "may only read what a literal path names inside the tree";

    private static string Rule(string expression) => Sample.Of($"output \"o\" {{\n  value = {expression}\n}}\n").Faults.SingleOrDefault()?.Rule ?? "";

    [Theory]
    [InlineData("file(\"notes.txt\")")]
    [InlineData("file(\"./notes.txt\")")]
    [InlineData("core::file(\"notes.txt\")")]
    [InlineData("file(\"${path.module}/notes.txt\")")]
    [InlineData("file(\"${path.root}/notes.txt\")")]
    [InlineData("filebase64sha256(\"notes.txt\")")]
    [InlineData("fileset(path.module, \"*.txt\")")]
    [InlineData("fileset(\"${path.module}\", \"*.txt\")")]
    [InlineData("fileexists(\"other.txt\")")]
    [InlineData("templatefile(\"notes.txt\", { path = 1 })")]
    [InlineData("jsonencode({ a = upper(\"x\") })")]
    [InlineData("\"file(\\\"/etc/passwd\\\")\"")]
    [InlineData("\"$${file(\\\"/etc/passwd\\\")}\"")]
    public void Plain_use_passes(string expression) => Assert.Equal("", Rule(expression));

    [Theory]
    [InlineData("file(\"/etc/passwd\")")]
    [InlineData("file(\"../outside.txt\")")]
    [InlineData("file(\"a/../../outside.txt\")")]
    [InlineData("file(\"${path.module}/../outside.txt\")")]
    [InlineData("file(\"${path.module}notes.txt\")")]
    [InlineData("file(\"${path.cwd}/notes.txt\")")]
    [InlineData("file(\"${path.module}/${var.x}\")")]
    [InlineData("file(\"${path.module}${\"/notes.txt\"}\")")]
    [InlineData("file(local.x)")]
    [InlineData("file(var.x)")]
    [InlineData("file((\"notes.txt\"))")]
    [InlineData("file(\"${\"notes.txt\"}\")")]
    [InlineData("file(true ? \"notes.txt\" : \"/etc/passwd\")")]
    [InlineData("file([\"/etc/passwd\"]...)")]
    [InlineData("file()")]
    [InlineData("file /* gap */ (\"/etc/passwd\")")]
    [InlineData("core::file(\"/etc/passwd\")")]
    [InlineData("core :: file(\"/etc/passwd\")")]
    [InlineData("file(\"\\u002fetc\\u002fpasswd\")")]
    [InlineData("file(\"\\u002e\\u002e/outside.txt\")")]
    [InlineData("file(\"not\\u212Aes.txt\")")]
    [InlineData("file(<<EOT\n/etc/passwd\nEOT\n)")]
    [InlineData("\"${file(\"/etc/passwd\")}\"")]
    [InlineData("\"%{ if true }${file(\"/etc/passwd\")}%{ endif }\"")]
    [InlineData("\"%{ for x in [file(\"/etc/passwd\")] }%{ endfor }\"")]
    [InlineData("{ (file(\"/etc/passwd\")) = 1 }")]
    [InlineData("[for x in [1] : file(\"/etc/passwd\")]")]
    [InlineData("[for x in [1] : x if file(\"/etc/passwd\") != \"\"]")]
    [InlineData("{for x in [1] : file(\"/etc/passwd\") => x}")]
    [InlineData("var.m[file(\"/etc/passwd\")]")]
    [InlineData("!tobool(-length(file(\"/etc/passwd\")) + 1)")]
    [InlineData("<<EOT\nx ${file(\"/etc/passwd\")}\nEOT\n")]
    [InlineData("<<EOT\nEOT2 ${1}EOT\n${file(\"/etc/passwd\")}\nEOT\n")]
    [InlineData("fileset(\"/\", \"etc/*\")")]
    [InlineData("fileset(path.module, \"../*\")")]
    [InlineData("fileset(path.module, var.pattern)")]
    [InlineData("fileexists(\"/etc/passwd\")")]
    [InlineData("templatefile(\"/etc/passwd\", {})")]
    [InlineData("file(\"absent.txt\")")]
    [InlineData("file(\"terraform.tfstate\")")]
    [InlineData("file(\"/proc/self/environ\")")]
    [InlineData("file(\"C:\\\\Windows\\\\win.ini\")")]
    public void A_path_that_is_not_a_plain_literal_inside_the_tree_is_refused(string expression) => Assert.EndsWith(Path, Rule(expression), StringComparison.Ordinal);

    [Theory]
    [InlineData("templatestring(local.x, {})", "templatestring runs a template")]
    [InlineData("core::templatestring(local.x, {})", "templatestring runs a template")]
    [InlineData("evil(1)", "the function is not known")]
    [InlineData("ﬁle(\"/etc/passwd\")", "the function is not known")]
    [InlineData("FILE(\"/etc/passwd\")", "the function is not known")]
    [InlineData("other::file(\"/etc/passwd\")", "the function is not known")]
    [InlineData("provider::local::direxists(\"/etc\")", "the provider's function is not on the list")]
    [InlineData("provider::aws::evil(\"x\")", "the provider's function is not on the list")]
    [InlineData("[for path in [{ module = \"/etc\" }] : file(\"${path.module}/passwd\")][0]", "a loop must not name its variable path")]
    [InlineData("\"%{ for path in [{ module = \"/etc\" }] }%{ endfor }\"", "a loop must not name its variable path")]
    public void What_is_not_known_is_refused(string expression, string rule) =>
        Assert.StartsWith(rule, Sample.Of($"output \"o\" {{\n  value = {expression}\n}}\n").Faults[0].Rule, StringComparison.Ordinal);

    [Theory]
    [InlineData("provider::aws::arn_parse(\"x\")")]
    [InlineData("provider::terraform::encode_expr(1)")]
    public void Pure_functions_of_official_providers_pass(string expression) => Assert.Equal("", Rule(expression));

    [Fact]
    public void A_fault_names_file_and_line()
    {
        var fault = Assert.Single(Sample.Of("locals {\n\n  x = file(\"/etc/passwd\")\n}\n").Faults);
        Assert.Equal(("main.tf", 3), (fault.File, fault.Line));
    }

    [Theory]
    [InlineData("{\"output\": {\"o\": {\"value\": \"${file(\\\"/etc/passwd\\\")}\"}}}")]
    [InlineData("{\"output\": {\"o\": {\"value\": {\"${file(\\\"/etc/passwd\\\")}\": 1}}}}")]
    [InlineData("{\"output\": [{\"o\": [{\"value\": [\"\\u0024{core::file(\\\"/etc/passwd\\\")}\"]}]}]}")]
    public void Json_is_no_way_around(string code) => Assert.EndsWith(Path, Sample.Of(code, "main.tf.json").Faults[0].Rule, StringComparison.Ordinal);

    [Theory]
    [InlineData("${file(\"/etc/passwd\")}")]
    [InlineData("${file(\"${path.module}/passwd\")}")]
    [InlineData("%{ for x in [1] }${core::file(\"/etc/passwd\")}%{ endfor }")]
    public void A_template_file_is_read_too(string template)
    {
        var result = new Sample().With("main.tf", "locals {\n  x = templatefile(\"t.tpl\", { path = { module = \"/etc\" } })\n}\n").With("t.tpl", $"first\n{template}\n").Check();
        Assert.Equal(("t.tpl", 2), (Assert.Single(result.Faults).File, result.Faults[0].Line));
    }

    [Theory]
    [InlineData("${x")]
    [InlineData("${templatefile(\"t.tpl\", {})}")]
    [InlineData("${provider::aws::arn_parse(\"x\")}")]
    public void A_template_file_that_cannot_be_judged_is_refused(string template) =>
        Assert.Equal("t.tpl", Assert.Single(new Sample().With("main.tf", "locals {\n  x = templatefile(\"t.tpl\", {})\n}\n").With("t.tpl", template).Check().Faults).File);

    [Fact]
    public void A_link_is_not_read_through() => Assert.EndsWith(
        Path,
        Assert.Single(new Sample().With("main.tf", "locals {\n  x = file(\"link\")\n}\n").With("link", "/etc/passwd", TreeFileKind.Link).Check().Faults).Rule,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(".env")]
    [InlineData("id_rsa")]
    [InlineData("old.tfstate")]
    [InlineData("x.pem")]
    public void A_file_that_holds_secrets_is_not_read(string name) => Assert.Single(
        new Sample().With("main.tf", $"locals {{\n  x = file(\"{name}\")\n}}\n").With(name, "secret").Check().Faults);

    [Fact]
    public void A_module_reads_its_own_folder_and_the_stacks_but_no_other()
    {
        RuleCount(0, "file(\"${path.module}/a.txt\")");
        RuleCount(0, "file(\"s.txt\")");
        RuleCount(1, "file(\"${path.module}/../other/o.txt\")");

        static void RuleCount(int count, string expression) => Assert.Equal(count, new Sample { Stack = "stack" }
            .With("stack/main.tf", "module \"m\" {\n  source = \"../m\"\n}\n").With("stack/s.txt", "").With("m/main.tf", $"locals {{\n  x = {expression}\n}}\n").With("m/a.txt", "").With("other/o.txt", "")
            .Check().Faults.Count);
    }

    [Fact]
    public void What_differs_in_CI_is_a_warning()
    {
        var result = Sample.Of("locals {\n  a = timestamp()\n  b = core::uuid()\n}\n");
        Assert.True(result.Passed);
        Assert.Equal([2, 3], result.Warnings.Select(warning => warning.Line).Order());
    }

    [Fact]
    public void An_edit_that_calls_nonsensitive_is_refused_and_one_that_was_there_is_not()
    {
        const string Before = "output \"a\" {\n  value = nonsensitive(var.x)\n}\n";
        Assert.True(new Sample().Base("main.tf", Before).Edit("main.tf", "# moved\n" + Before).Check().Passed);
        Assert.Equal("an edit must not call nonsensitive", Assert.Single(new Sample().Base("main.tf", Before).Edit("main.tf", Before + Before.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)).Check().Faults).Rule);
    }
}
