using McpInfra.Tools.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>Changes that only a token makes, told from those of the secret itself, with the real terraform.</summary>
public sealed class A_change_by_a_token
{
    private const string Secret = "hunter2-correct-horse";

    // b keeps a's secret, c waits for b's id, d knows nothing of it.
    private static string Code(string password = Secret, string d = "plain") => $$"""
        variable "pw" {
          sensitive = true
          default   = "{{password}}"
        }
        resource "terraform_data" "a" {
          input            = var.pw
          triggers_replace = var.pw
        }
        resource "terraform_data" "b" {
          input = terraform_data.a.id
        }
        resource "terraform_data" "d" {
          input            = ["{{d}}"]
          triggers_replace = ["{{d}}"]
        }
        """;

    private static string Instance(string name, string input, string type, string triggers, string triggersType, string sensitive) => $$"""
        {"mode":"managed","type":"terraform_data","name":"{{name}}","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[
          {"schema_version":0,"attributes":{"id":"0b5f2a3e-2f3c-4b8e-9d0a-1c2d3e4f5a6{{name}}","input":{"value":{{input}},"type":{{type}}},"output":{"value":{{input}},"type":{{type}}},"triggers_replace":{{(triggers == "null" ? "null" : $"{{\"value\":{triggers},\"type\":{triggersType}}}")}}},"sensitive_attributes":{{sensitive}}}]}
        """;

    private static readonly string State = $$"""
        {"version":4,"terraform_version":"1.5.0","serial":1,"lineage":"11111111-2222-3333-4444-555555555555","outputs":{},"resources":[
          {{Instance("a", $"\"{Secret}\"", "\"string\"", $"\"{Secret}\"", "\"string\"", "[[{\"type\":\"get_attr\",\"value\":\"input\"}],[{\"type\":\"get_attr\",\"value\":\"triggers_replace\"}]]")}},
          {{Instance("b", "\"0b5f2a3e-2f3c-4b8e-9d0a-1c2d3e4f5a6a\"", "\"string\"", "null", "", "[]")}},
          {{Instance("d", "[\"plain\"]", "[\"tuple\",[\"string\"]]", "[\"plain\"]", "[\"tuple\",[\"string\"]]", "[]")}}]}
        """;

    [Fact]
    public async Task Is_left_out_with_all_that_follows_from_it()
    {
        using var site = await Site.OpenAsync(("main.tf", Code()), ("terraform.tfstate", State));
        var plan = await site.PlannedAsync();
        Assert.Empty(plan.Changes);
        Assert.Equal(["terraform_data.a", "terraform_data.b"], plan.NotCompared);
    }

    [Fact]
    public async Task Is_a_change_when_the_secret_itself_changes()
    {
        using var site = await Site.OpenAsync(("main.tf", Code()), ("terraform.tfstate", State));
        var plan = await site.PlannedAsync([new Edit("main.tf", Find: Secret, Replace: "another-secret-value")]);
        Assert.Equal([("terraform_data.a", "replace"), ("terraform_data.b", "update")], plan.Changes.Select(change => (change.Address, change.Action)));
        Assert.Empty(plan.NotCompared);
        Assert.DoesNotContain("another-secret-value", plan.Diff, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, plan.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hides_no_change_beside_it()
    {
        using var site = await Site.OpenAsync(("main.tf", Code(d: "other")), ("terraform.tfstate", State));
        var plan = await site.PlannedAsync();
        Assert.Equal([("terraform_data.d", "replace")], plan.Changes.Select(change => (change.Address, change.Action)));
    }

    [Fact]
    public async Task That_would_replace_what_is_only_updated_is_said_so()
    {
        // Only the token replaces a; its input changes for true.
        var code = "variable \"pw\" {\n  sensitive = true\n  default = \"" + Secret + "\"\n}\nresource \"terraform_data\" \"a\" {\n  input = \"now\"\n  triggers_replace = var.pw\n}\n";
        var state = "{\"version\":4,\"terraform_version\":\"1.5.0\",\"serial\":1,\"lineage\":\"11111111-2222-3333-4444-555555555555\",\"outputs\":{},\"resources\":["
            + Instance("a", "\"before\"", "\"string\"", $"\"{Secret}\"", "\"string\"", "[[{\"type\":\"get_attr\",\"value\":\"triggers_replace\"}]]") + "]}";
        using var site = await Site.OpenAsync(("main.tf", code), ("terraform.tfstate", state));
        var answer = await site.PlanAsync();
        Assert.Contains("update terraform_data.a", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("only a token would have replaced", answer.Text(), StringComparison.Ordinal);
    }
}
