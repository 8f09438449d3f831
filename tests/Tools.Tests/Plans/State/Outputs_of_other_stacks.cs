using McpInfra.Guardrails;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

/// <summary>terraform_remote_state with the real terraform: what it gets, and what is refused.</summary>
public sealed class Outputs_of_other_stacks
{
    private const string Canary = "canary-correct-horse";

    private static string Net(int serial = 1) => $$$"""
        {"version":4,"terraform_version":"1.5.0","serial":{{{serial}}},"lineage":"11111111-2222-3333-4444-555555555555","outputs":{
          "vpc":{"value":"vpc-1","type":"string"},
          "names":{"value":{"a":"x"},"type":["object",{"a":"string"}]},
          "password":{"value":"{{{Canary}}}","type":"string","sensitive":true},
          "address":{"value":"db://u:{{{Canary}}}@h","type":"string"}},"resources":[]}
        """;

    private static string Reads(string output, string config = "{ bucket = \"states\", key = \"net.tfstate\", region = \"eu-central-1\" }", string backend = "s3") =>
        $"data \"terraform_remote_state\" \"net\" {{\n  backend = \"{backend}\"\n  config = {config}\n}}\nresource \"terraform_data\" \"x\" {{\n  input = {output}\n}}\n";

    private const string Backend = "terraform {\n  backend \"s3\" {\n    bucket = \"states\"\n    key = \"net.tfstate\"\n    region = \"eu-central-1\"\n  }\n}\n";

    private static Task<Site> OpenAsync(string app, string more = "") => Site.OpenAsync(
        new StackSettings("app"), new EngineSettings(),
        [new StackSettings("net") { State = "net.tfstate" }],
        ("app/main.tf", app), ("net/main.tf", Backend + more), ("net/net.tfstate", Net()));

    [Fact]
    public async Task Are_handed_in_without_network_and_without_the_sensitive_ones()
    {
        using var site = await OpenAsync(Reads("[data.terraform_remote_state.net.outputs.vpc, data.terraform_remote_state.net.outputs.names.a, keys(data.terraform_remote_state.net.outputs), data.terraform_remote_state.net.outputs.address]"));
        var answer = await site.PlanAsync();
        var said = answer.Text() + answer.Structured + (answer.IsFault ? "" : site.Store.Find(answer.Structured!["plan"]!.GetValue<string>(), Calls.Caller())!.Diff);
        Assert.False(answer.IsFault, answer.Text());
        Assert.Contains("vpc-1", said, StringComparison.Ordinal);
        Assert.Contains("outputs of 1 other stack handed in: infra/net", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, said, StringComparison.Ordinal);
        Assert.DoesNotContain("\"password\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sensitive_one_is_not_there()
    {
        using var site = await OpenAsync(Reads("data.terraform_remote_state.net.outputs.password"));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains("Unsupported attribute", answer.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, answer.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ bucket = \"states\", key = \"other.tfstate\", region = \"eu-central-1\" }", "s3", "not registered")]
    [InlineData("{ bucket = \"others\", key = \"net.tfstate\", region = \"eu-central-1\" }", "s3", "not registered")]
    [InlineData("{ address = \"http://evil/\" }", "http", "not registered")]
    [InlineData("{ path = \"/etc/passwd\" }", "local", "not registered")]
    [InlineData("{ bucket = \"states\", key = terraform_data.x.id, region = \"eu-central-1\" }", "s3", "cannot be told without running")]
    [InlineData("{}", "oss", "not registered")]
    public async Task Of_what_is_no_registered_stack_are_refused_before_anything_runs(string config, string backend, string said)
    {
        using var site = await OpenAsync(Reads("data.terraform_remote_state.net.outputs.vpc", config, backend));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains(said, answer.Text(), StringComparison.Ordinal);
        Assert.Contains("app/main.tf", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_repository_that_the_agent_type_may_not_read_are_refused()
    {
        using var site = await OpenAsync(Reads("data.terraform_remote_state.net.outputs.vpc"));
        var answer = await site.PlanAsync(caller: Calls.Caller(repositories: ["other"]));
        Assert.True(answer.IsFault);
        Assert.Contains("may not read", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_within_a_module_and_by_an_edit_are_the_same()
    {
        using var site = await Site.OpenAsync(
            new StackSettings("app"), new EngineSettings(), [new StackSettings("net") { State = "net.tfstate" }],
            ("app/main.tf", "module \"m\" {\n  source = \"./m\"\n}\n"), ("app/m/main.tf", "resource \"terraform_data\" \"x\" {\n  input = \"old\"\n}\n"), ("net/main.tf", Backend), ("net/net.tfstate", Net()));
        var plan = await site.PlannedAsync([new Edit("app/m/main.tf", Content: Reads("data.terraform_remote_state.net.outputs.vpc"))]);
        Assert.Contains("vpc-1", plan.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Make_a_plan_void_when_they_change()
    {
        using var site = await OpenAsync(Reads("data.terraform_remote_state.net.outputs.vpc"));
        var plan = await site.PlannedAsync();
        Assert.Empty(await site.Store.MovedAsync(plan, Calls.Caller(), default));
        site.Scratch.Write("net/net.tfstate", Net(2));
        Assert.Equal(["another stack whose outputs it reads changed"], await site.Store.MovedAsync(plan, Calls.Caller(), default));
    }
}
