using System.Text;
using McpInfra.Tools.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Rules;

public sealed class Trees_are_checked
{
    private static string Rule(Sample sample) => sample.Check().Faults.Select(fault => $"{fault.File}:{fault.Line} {fault.Rule}").FirstOrDefault("");

    private static Sample Plain => new Sample().With("main.tf", "# plain\n");

    [Theory]
    [InlineData("terraform.d/plugins/linux_amd64/terraform-provider-x")]
    [InlineData("terraform-provider-aws_v5.0.0_x5")]
    [InlineData("bin/Terraform-Provider-x.exe")]
    [InlineData("terraform.d/plugins/x")]
    [InlineData("Terraform.D/x")]
    [InlineData(".terraform/providers/x")]
    [InlineData(".terraform")]
    [InlineData("sub/.TERRAFORM/modules/modules.json")]
    public void Programs_and_working_folders_of_the_engine_are_refused(string path) => Assert.StartsWith(path + ":1 the tree must not hold", Rule(Plain.With(path, "x")), StringComparison.Ordinal);

    [Theory]
    [InlineData("docs/terraform-provider-x.md")]
    [InlineData(".terraform.lock.hcl")]
    [InlineData("terraform.rc")]
    [InlineData("x.tf/readme")]
    [InlineData(".x.tf")]
    [InlineData("x.tftest.hcl")]
    public void What_the_engine_does_not_read_is_left_alone(string path) => Assert.Equal("", Rule(Plain.With(path, "((")));

    [Fact]
    public void An_engine_file_with_a_backslash_in_its_name_is_refused_and_any_other_is_left_out_and_said_so()
    {
        Assert.Equal("a\\x.tf:1 an engine file must not have a backslash in its name: it would be missing from the plan", Rule(Plain.With("a\\x.tf", "((")));
        var warned = Assert.Single(Plain.With("a\\x.txt", "x").With("b\\y.txt", "y").Check().Warnings);
        Assert.Equal(("a\\x.txt", "this and 1 more hold a backslash in their names, so they are left out of the plan"), (warned.File, warned.Rule));
    }

    [Theory]
    [InlineData("x.tf", TreeFileKind.Link)]
    [InlineData("x.tf.json", TreeFileKind.Link)]
    [InlineData("terraform.tfvars", TreeFileKind.Link)]
    [InlineData("terraform.tfstate", TreeFileKind.Link)]
    [InlineData(".terraform.lock.hcl", TreeFileKind.Link)]
    [InlineData("terraform.tfstate.d", TreeFileKind.Link)]
    [InlineData("x.tf", TreeFileKind.Submodule)]
    public void Engine_files_that_are_links_are_refused(string path, TreeFileKind kind) =>
        Assert.Equal($"{path}:1 an engine file must not be a link or a submodule", Rule(Plain.With(path, "/etc/passwd", kind)));

    [Theory]
    [InlineData("credentials.tf")]
    [InlineData("kubeconfig.tf")]
    public void An_engine_file_that_would_be_withheld_is_refused(string path) =>
        Assert.StartsWith($"{path}:1 an engine file must not have a name that is kept for secrets", Rule(Plain.With(path, "")), StringComparison.Ordinal);

    [Fact]
    public void A_link_that_nothing_reads_is_left_alone() => Assert.Equal("", Rule(Plain.With("AGENTS.md", "README.md", TreeFileKind.Link)));

    [Theory]
    [InlineData("x.TF")]
    [InlineData("x.tf.JSON")]
    [InlineData("x.auto.TFVARS")]
    public void Endings_in_another_case_are_refused(string path) => Assert.StartsWith($"{path}:1 an engine file's ending", Rule(Plain.With(path, "")), StringComparison.Ordinal);

    [Fact]
    public void Engine_files_that_differ_by_case_alone_are_refused() => Assert.StartsWith("main.tf:1 two engine files", Rule(Plain.With("Main.tf", "")), StringComparison.Ordinal);

    [Theory]
    [InlineData("x.tofu")]
    [InlineData("x.tofu.json")]
    public void Files_of_another_engine_are_refused(string path) => Assert.StartsWith($"{path}:1 files for OpenTofu", Rule(Plain.With(path, "")), StringComparison.Ordinal);

    [Theory]
    [InlineData("x.tf", "a = \n")]
    [InlineData("x.tf.json", "{")]
    [InlineData("override.tf", "resource {")]
    [InlineData("terraform.tfvars", "a = [\n")]
    [InlineData("x.auto.tfvars.json", "")]
    public void What_cannot_be_read_is_refused(string path, string text) => Assert.Contains("the file cannot be read: expected", Rule(Plain.With(path, text)), StringComparison.Ordinal);

    [Fact]
    public void So_is_what_is_not_UTF8() => Assert.Equal("x.tf:2 the file cannot be read: expected UTF-8 at column 4", Rule(Plain.With("x.tf", [.. "# x\n# "u8, .. (byte[])[(byte)'x', 0xC3, 0x28]])));

    [Theory]
    [InlineData("evil/vpc/aws")]
    [InlineData("git::https://evil.dev/x.git")]
    [InlineData("https://evil.dev/x.zip")]
    [InlineData("/etc")]
    [InlineData("../outside")]
    [InlineData("./a\\\\..\\\\..\\\\x")]
    [InlineData(".")]
    [InlineData("m")]
    [InlineData("./${\"m\"}")]
    [InlineData("./\\u212A")]
    [InlineData("github.com/evil/x//m")]
    public void Modules_from_elsewhere_are_refused(string source) =>
        Assert.Matches("^main.tf:3 (a|the) module's (source|path) ", Rule(new Sample().With("main.tf", $"module \"m\" {{\n  count = 1\n  source = \"{source}\"\n}}\n").With("m/x.tf", "")));

    [Theory]
    [InlineData("module \"m\" {}\n", "main.tf")]
    [InlineData("module \"m\" {\n  source = var.x\n}\n", "main.tf")]
    [InlineData("{\"module\": {\"m\": {\"source\": \"git::x\"}}}", "main.tf.json")]
    [InlineData("{\"module\": {\"m\": {\"source\": \"./m\"}, \"m\": {\"source\": \"git::x\"}}}", "main.tf.json")]
    public void So_are_modules_whose_source_is_not_plain(string code, string path) =>
        Assert.Contains("module's source", Rule(new Sample().With(path, code).With("m/x.tf", "")), StringComparison.Ordinal);

    [Fact]
    public void An_override_may_not_lead_a_module_elsewhere() => Assert.Contains(
        "the module's source is none that is fetched here", Rule(new Sample().With("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n").With("m/x.tf", "").With("override.tf", "module \"m\" {\n  source = \"git::x\"\n}\n")), StringComparison.Ordinal);

    [Fact]
    public void A_module_without_code_is_named() => Assert.StartsWith(
        "main.tf:2 the module's folder holds no terraform code", Rule(new Sample().With("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n").With("m", "/etc", TreeFileKind.Link)), StringComparison.Ordinal);

    [Fact]
    public void A_module_that_includes_itself_is_refused()
    {
        Assert.StartsWith("m/x.tf:2 a module must not include itself", Rule(new Sample().With("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n").With("m/x.tf", "module \"m\" {\n  source = \"../\"\n}\n")), StringComparison.Ordinal);
        Assert.StartsWith("main.tf:2 a module must not include itself", Rule(new Sample().With("main.tf", "module \"m\" {\n  source = \"./\"\n}\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_without_code_is_refused() => Assert.StartsWith("infra:1 there is no terraform code", Rule(new Sample { Stack = "infra/" }.With("main.tf", "")), StringComparison.Ordinal);

    [Fact]
    public void A_module_used_twice_is_read_once() => Assert.Equal(
        [".", "m"], new Sample().With("main.tf", "module \"a\" {\n  source = \"./m\"\n}\nmodule \"b\" {\n  source = \"./m\"\n}\n").With("m/x.tf", "").Check().Folders);

    [Fact]
    public void The_bundled_estate_passes()
    {
        var root = Path.Combine(TestKit.Repository.Root, "samples", "estate");
        var sample = new Sample { Stack = "infra/prod" };
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            sample.With(Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllBytes(path));
        }

        var result = sample.Check();
        Assert.Empty(result.Faults);
        Assert.Equal(["infra/prod", "modules/bucket"], result.Folders);
        Assert.Equal(("terraform.io/builtin/terraform", false), (Assert.Single(result.Providers).Source, result.NeedsCredentials));
    }

    [Fact]
    public void Any_heap_of_fragments_gets_an_answer()
    {
        string[] fragments =
        [
            "resource \"aws_vpc\" \"x\" {\n", "data external x {\n", "provider \"aws\" {\n", "terraform {\n", "required_providers {\n", "backend \"s3\" {\n", "module \"m\" {\n", "locals {\n", "variable \"v\" {\n",
            "check {\n", "dynamic \"endpoints\" {\n", "endpoints {\n", "}\n", "}\n", "}\n", "}\n", "source = \"./m\"\n", "source = \"../..\"\n", "source = var.v\n", "provider = aws.b\n", "provider = 1\n", "a = file(\"${path.module}/x\")\n",
            "b = file(local.c)\n", "c = local.c\n", "d = module.m.x\n", "default = var.v\n", "e = var[\"v\"]\n", "f = templatefile(\"main.tf\", {})\n", "aws = { source = \"hashicorp/aws\" }\n", "g = data.external.x\n", "s3 = \"http://moto:5555\"\n", "providers = { aws = aws.b }\n",
        ];
        var random = new Random(11);
        for (var round = 0; round < 2_000; round++)
        {
            string Heap() => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => fragments[random.Next(fragments.Length)]));
            var result = new Sample { Stack = random.Next(2) == 0 ? "." : "m" }.With("main.tf", Heap()).With("m/x.tf", Heap()).Base("o.tf", Heap()).Edit("o.tf", Heap()).Edit("m/override.tf", Heap()).Check();
            Assert.InRange(result.Faults.Count, 0, 50);
        }
    }

    [Fact]
    public void Faults_are_cut_and_never_repeat_what_code_says()
    {
        var faults = new Sample().With("main.tf", string.Concat(Enumerable.Range(0, 200).Select(at => $"resource \"SECRETWORD_{at}\" \"x\" {{\n  provider = SECRETWORD\n  a = SECRETWORD(\"SECRETWORD\")\n}}\nprovider \"SECRETWORD\" {{\n  SECRETWORD_file = 1\n}}\nmodule \"m{at}\" {{\n  source = \"SECRETWORD\"\n}}\n"))).Check().Faults;
        Assert.Equal(50, faults.Count);
        Assert.DoesNotContain(faults, fault => fault.ToString().Contains("SECRETWORD", StringComparison.OrdinalIgnoreCase));
    }
}
