using McpInfra.Tools.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Rules;

public sealed class Edits_are_checked
{
    private const string Settings = "an edit must not change backend, cloud, provider, required_providers or provider_meta, nor a value they refer to";

    private const string Base = """
        terraform {
          required_version = ">= 1.0"
          required_providers {
            aws = { source = "hashicorp/aws", version = "~> 5.0" }
          }
          backend "s3" {
            bucket = "b"
          }
        }
        provider "aws" {
          region     = var.region
          access_key = local.key
          endpoints {
            s3 = "http://moto:5555"
          }
        }
        variable "region" {
          default = "eu-west-1"
        }
        locals {
          key   = "${local.stem}-1"
          stem  = module.m.out
          other = 1
        }
        module "m" {
          source = "./m"
          given  = "g"
        }
        """ + "\n";

    private static Sample Stack => new Sample().With("main.tf", Base).With("terraform.tfvars", "region = \"us-east-1\"\nother = 1\n").With("m/x.tf", "variable \"given\" {}\noutput \"out\" {\n  value = var.given\n}\n").With("README.md", "read");

    private static string Rule(Sample sample) => sample.Check().Faults.Select(fault => fault.Rule).FirstOrDefault("");

    private static string Edited(string from, string to) => Rule(Stack.Edit("main.tf", Base.Replace(from, to, StringComparison.Ordinal)));

    [Fact]
    public void Nothing_edited_passes() => Assert.Equal("", Rule(Stack));

    [Theory]
    [InlineData("other = 1", "other = 2")]
    [InlineData("  required_version = \">= 1.0\"\n", "")]
    [InlineData("provider \"aws\" {", "# a comment\nprovider   aws   {")]
    [InlineData("{ source = \"hashicorp/aws\", version = \"~> 5.0\" }", "{\n      version : \"~> 5.0\" // note\n      \"source\" = \"hashicorp\\u002faws\"\n    }")]
    public void What_means_the_same_is_no_change(string from, string to) => Assert.Equal("", Edited(from, to));

    [Theory]
    [InlineData("bucket = \"b\"", "bucket = \"evil\"")]
    [InlineData("backend \"s3\"", "backend \"http\"")]
    [InlineData("  backend \"s3\" {\n    bucket = \"b\"\n  }\n", "")]
    [InlineData("  backend \"s3\" {\n    bucket = \"b\"\n  }\n", "  cloud {\n    organization = \"x\"\n  }\n")]
    [InlineData("~> 5.0", "~> 4.0")]
    [InlineData("region     = var.region", "region     = \"eu-west-1\"")]
    [InlineData("terraform {\n", "terraform {\n  provider_meta \"aws\" {\n    a = 1\n  }\n")]
    [InlineData("terraform {\n", "terraform {\n  experiments = [x]\n")]
    [InlineData("\"${local.stem}-1\"", "\"${local.stem}-2\"")]
    [InlineData("stem  = module.m.out", "stem  = \"evil\"")]
    [InlineData("given  = \"g\"", "given  = \"evil\"")]
    [InlineData("default = \"eu-west-1\"", "default = \"evil\"")]
    [InlineData("provider \"aws\" {", "provider \"aws\" {\n  alias = \"b\"\n  access_key = \"evil\"\n}\nprovider \"aws\" {")]
    public void Settings_and_what_they_refer_to_stay(string from, string to) => Assert.Equal(Settings, Edited(from, to));

    [Theory]
    [InlineData("evil.tf", "provider \"aws\" {\n  alias = \"evil\"\n  access_key = \"x\"\n}\n")]
    [InlineData("override.tf", "provider \"aws\" {\n  access_key = \"x\"\n}\n")]
    [InlineData("x_override.tf.json", "{\"provider\": {\"aws\": {\"access_key\": \"x\"}}}")]
    [InlineData("evil.tf.json", "{\"terraform\": {\"backend\": {\"http\": {\"address\": \"http://evil\"}}}}")]
    [InlineData("override.tf", "locals {\n  key = \"evil\"\n}\n")]
    [InlineData("override.tf", "module \"m\" {\n  given = \"evil\"\n}\n")]
    [InlineData("m/y.tf", "terraform {\n  required_providers {\n    aws = { source = \"hashicorp/aws\" }\n  }\n}\n")]
    [InlineData("m/x.tf", "variable \"given\" {}\noutput \"out\" {\n  value = \"evil\"\n}\n")]
    [InlineData("terraform.tfvars", "region = \"evil\"\nother = 1\n")]
    [InlineData("a.auto.tfvars", "region = \"evil\"\n")]
    [InlineData("a.auto.tfvars.json", "{\"region\": \"evil\"}")]
    public void No_other_file_changes_them_either(string path, string text) => Assert.Equal(Settings, Rule(Stack.Edit(path, text)));

    [Theory]
    [InlineData("terraform.tfvars", "region = \"us-east-1\"\nother = 2\n")]
    [InlineData("m/y.tf", "output \"more\" {\n  value = 1\n}\n")]
    [InlineData("more.tf", "resource \"aws_s3_bucket\" \"x\" {}\n")]
    [InlineData("more.tf.json", "{\"resource\": {\"aws_s3_bucket\": {\"x\": {}}}}")]
    public void Other_edits_of_engine_files_pass_or_are_a_value_that_settings_take(string path, string text) =>
        Assert.Equal(path == "m/y.tf" ? Settings : "", Rule(Stack.Edit(path, text)));

    [Fact]
    public void Moving_settings_to_another_file_or_spelling_is_no_change() => Assert.Equal("", Rule(new Sample()
        .Base("main.tf", "provider \"aws\" {\n  region = \"r\"\n  endpoints {\n    s3 = \"http://moto:5555\"\n  }\n}\nterraform {\n  backend \"s3\" {}\n}\n")
        .Edit("main.tf", "# moved\n")
        .Edit("p.tf", "terraform {\n  backend \"s3\" {\n  }\n}\n")
        .Edit("p.tf.json", "{\"provider\": {\"aws\": {\"endpoints\": {\"s3\": \"http://moto:5555\"}, \"region\": \"r\"}}}")));

    [Theory]
    [InlineData("README.md")]
    [InlineData(".terraform.lock.hcl")]
    [InlineData("mcp-infra.yaml")]
    [InlineData(".github/workflows/ci.yml")]
    [InlineData("terraform.rc")]
    [InlineData(".hidden.tf")]
    [InlineData("x.tf~")]
    [InlineData("t.tftest.hcl")]
    [InlineData("notes.txt")]
    public void Other_files_stay(string path) => Assert.Equal("an edit must change nothing but the stack's engine files", Rule(Stack.Edit(path, "changed")));

    [Fact]
    public void So_does_code_of_another_stack() => Assert.Equal(
        "an edit must stay in the stack's folder or a local module that it uses", Rule(Stack.Edit("other/main.tf", "# new\n")));

    [Fact]
    public void A_file_of_the_tree_may_be_deleted_when_it_is_the_engines()
    {
        Assert.Equal("", Rule(Stack.With("x.tf", "# x\n").Delete("x.tf")));
        Assert.NotEqual("", Rule(Stack.Delete("README.md")));
        Assert.Equal(Settings, Rule(Stack.With("x.tf", "provider \"random\" {}\n").Delete("x.tf")));
    }

    [Fact]
    public void A_module_outside_the_stacks_folder_may_be_edited_with_a_warning()
    {
        var result = new Sample { Stack = "a" }.With("a/main.tf", "module \"m\" {\n  source = \"../m\"\n}\n").Base("m/x.tf", "# x\n").Edit("m/x.tf", "# y\n").Check();
        Assert.True(result.Passed);
        Assert.Equal("m/x.tf", Assert.Single(result.Warnings).File);
    }

    [Fact]
    public void An_edit_adds_plain_files_only()
    {
        Assert.NotEqual("", Rule(Stack.Edit("x.tf", "/etc/passwd", TreeFileKind.Link)));
        Assert.NotEqual("", Rule(Stack.Edit("x.tf", "# run\n", TreeFileKind.Executable)));
        Assert.NotEqual("", Rule(Stack.Edit("main.tf", Base, TreeFileKind.Executable)));
    }

    [Fact]
    public void A_long_chain_of_references_is_followed_to_its_end()
    {
        static string Code(string end) => $"locals {{\n{string.Concat(Enumerable.Range(0, 20_000).Select(at => $"  a{at} = local.a{at + 1}\n"))}  a20000 = \"{end}\"\n}}\nprovider \"aws\" {{\n  region = local.a0\n}}\n";
        Assert.Equal(Settings, Rule(new Sample().Base("main.tf", Code("x")).Edit("main.tf", Code("y"))));
    }

    [Fact]
    public void References_that_multiply_are_refused_and_not_followed()
    {
        var calls = string.Concat(Enumerable.Range(0, 2_000).Select(at => $"module \"m{at}\" {{\n  source = \"./m\"\n  x = 1\n}}\n"));
        var uses = string.Concat(Enumerable.Range(0, 2_000).Select(at => $"  a{at} = var.v{at}\n"));
        Assert.Equal(
            "what backend and provider blocks refer to must be possible to follow",
            Rule(new Sample().With("main.tf", calls).With("m/x.tf", $"provider \"aws\" {{\n{uses}}}\n")));
    }
}
