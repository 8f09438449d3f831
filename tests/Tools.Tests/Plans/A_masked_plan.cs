using McpInfra.Tools.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>What a plan shows of secrets, with the real terraform.</summary>
public sealed class A_masked_plan
{
    private const string Secret = "hunter2-correct-horse";

    [Fact]
    public async Task Shows_no_sensitive_value_nor_secret_of_any_kind()
    {
        using var site = await Site.OpenAsync(("main.tf", $$"""
            variable "pw" {
              sensitive = true
              default   = "{{Secret}}"
            }
            resource "terraform_data" "a" {
              input = { p = var.pw, token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789", plain = "shown" }
            }
            output "o" {
              value     = var.pw
              sensitive = true
            }
            """));
        var answer = await site.PlanAsync();
        var all = answer.Text() + answer.Structured + site.Store.Find(answer.Structured!["plan"]!.GetValue<string>(), Calls.Caller())!.Diff;
        Assert.Contains("shown", all, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, all, StringComparison.Ordinal);
        Assert.DoesNotContain("ghp_", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_out_what_only_a_token_makes_different_and_says_so()
    {
        using var site = await Site.OpenAsync(
            ("main.tf", $"variable \"pw\" {{\n  sensitive = true\n  default   = \"{Secret}\"\n}}\nresource \"terraform_data\" \"a\" {{\n  input = var.pw\n}}\nresource \"terraform_data\" \"b\" {{\n  input = \"plain\"\n}}\n"),
            ("terraform.tfstate", State()));

        var untouched = await site.PlanAsync();
        Assert.Contains("No resource would change", untouched.Text(), StringComparison.Ordinal);
        Assert.Contains("1 resource differ only by a token", untouched.Text(), StringComparison.Ordinal);

        var plan = await site.PlannedAsync([new Edit("main.tf", Find: "\"plain\"", Replace: "\"other\"")]);
        Assert.Equal(["terraform_data.b"], plan.Changes.Select(change => change.Address));
    }

    [Theory]
    [InlineData("file(\"terraform.tfstate\")")]
    [InlineData("file(\"/proc/self/environ\")")]
    [InlineData("file(\"../../../../../etc/passwd\")")]
    [InlineData("strrev(file(\"${path.root}/../state/terraform.tfstate\"))")]
    [InlineData("join(\",\", fileset(\"/\", \"home/**\"))")]
    public async Task Is_no_way_to_read_state_or_machine(string expression)
    {
        Environment.SetEnvironmentVariable("CANARY", Secret);
        using var site = await Site.OpenAsync(("main.tf", "resource \"terraform_data\" \"b\" {\n  input = \"plain\"\n}\n"), ("terraform.tfstate", State()));
        var answer = await site.PlanAsync([new Edit("main.tf", Content: $"resource \"terraform_data\" \"b\" {{\n  input = {expression}\n}}\n")]);
        Assert.True(answer.IsFault, answer.Text());
        var all = answer.Text();
        Assert.DoesNotContain(Secret, all, StringComparison.Ordinal);
        Assert.DoesNotContain(new string([.. Secret.Reverse()]), all, StringComparison.Ordinal);
    }

    private static string State() => $$"""
        {"version":4,"terraform_version":"1.5.0","serial":1,"lineage":"11111111-2222-3333-4444-555555555555","outputs":{},"resources":[
          {"mode":"managed","type":"terraform_data","name":"a","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[
            {"schema_version":0,"attributes":{"id":"0b5f2a3e-2f3c-4b8e-9d0a-1c2d3e4f5a6a","input":{"value":"{{Secret}}","type":"string"},"output":{"value":"{{Secret}}","type":"string"},"triggers_replace":null},
             "sensitive_attributes":[[{"type":"get_attr","value":"input"}]]}]},
          {"mode":"managed","type":"terraform_data","name":"b","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[
            {"schema_version":0,"attributes":{"id":"0b5f2a3e-2f3c-4b8e-9d0a-1c2d3e4f5a6b","input":{"value":"plain","type":"string"},"output":{"value":"plain","type":"string"},"triggers_replace":null},"sensitive_attributes":[]}]}]}
        """;
}
