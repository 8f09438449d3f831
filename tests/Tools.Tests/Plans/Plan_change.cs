using McpInfra.Guardrails;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>plan_change with the real terraform and its builtin provider.</summary>
public sealed class Plan_change
{
    private const string Bucket = "resource \"terraform_data\" \"bucket\" {\n  input = \"plain\"\n}\n";

    [Fact]
    public async Task Says_what_would_change_and_what_that_touches()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket), ("terraform.tfstate", State("bucket", "plain")));

        var answer = await site.PlanAsync([new Edit("main.tf", Find: "\"plain\"", Replace: "\"encrypted\"")]);

        Assert.False(answer.IsFault, answer.Text());
        Assert.Contains("1 to update", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("update terraform_data.bucket (bucket-1); used by 2: job, function", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("input: \"plain\" → \"encrypted\"", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("propose_change", answer.Text(), StringComparison.Ordinal);
        Assert.Equal("[{\"address\":\"terraform_data.bucket\",\"action\":\"update\",\"resource\":\"bucket-1\"}]", answer.Structured!["changes"]!.ToJsonString());
        Assert.InRange(answer.Text().Length, 1, 8000);
    }

    [Fact]
    public async Task Without_state_everything_is_new_and_says_so()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket));
        var answer = await site.PlanAsync();
        Assert.Contains("create terraform_data.bucket", answer.Text(), StringComparison.Ordinal);
        Assert.Contains("no state is there yet", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plans_stacks_in_folders_with_modules_beside_them()
    {
        using var site = await Site.OpenAsync(new StackSettings("live/prod"), new EngineSettings(),
            ("live/prod/main.tf", "module \"m\" {\n  source = \"../../modules/m\"\n}\n"), ("modules/m/main.tf", Bucket));
        Assert.Equal([("module.m.terraform_data.bucket", "create")], (await site.PlannedAsync()).Changes.Select(change => (change.Address, change.Action)));
    }

    [Fact]
    public async Task Uses_the_workspace_of_the_stack_and_its_state()
    {
        using var site = await Site.OpenAsync(new StackSettings(".") { Workspace = "blue" }, new EngineSettings(),
            ("main.tf", "resource \"terraform_data\" \"bucket\" {\n  input = terraform.workspace\n}\n"), ("terraform.tfstate.d/blue/terraform.tfstate", State("bucket", "blue")));
        Assert.Empty((await site.PlannedAsync()).Changes);
    }

    [Fact]
    public async Task Plans_what_the_working_tree_holds_when_asked_from_it()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket));
        site.Scratch.Write("main.tf", Bucket.Replace("bucket", "other", StringComparison.Ordinal));
        Assert.Equal("terraform_data.bucket", (await site.PlannedAsync()).Changes[0].Address);
        Assert.Equal("terraform_data.other", (await site.PlannedAsync(from: "worktree")).Changes[0].Address);
    }

    [Fact]
    public async Task A_local_copy_stands_in_for_a_remote_backend_and_nothing_is_asked_of_it()
    {
        const string backend = "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key    = \"k\"\n    region = \"us-east-1\"\n  }\n}\n";
        using var site = await Site.OpenAsync(("main.tf", backend + Bucket), ("terraform.tfstate", State("bucket", "plain")));
        Assert.Empty((await site.PlannedAsync()).Changes);
    }

    [Fact]
    public async Task A_remote_backend_without_a_local_copy_is_refused_with_what_to_do()
    {
        using var site = await Site.OpenAsync(("main.tf", "terraform {\n  backend \"s3\" {}\n}\n" + Bucket));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains("terraform state pull", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_that_the_engine_refuses_is_a_fault_with_the_engines_words()
    {
        using var site = await Site.OpenAsync(("main.tf", "resource \"terraform_data\" \"a\" {\n  input = terraform_data.nothing.id\n}\n"));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains("undeclared resource", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_runs_out_of_memory_is_a_fault_with_what_mends_it()
    {
        using var site = await Site.OpenAsync(("main.tf", "resource \"terraform_data\" \"a\" {\n  lifecycle {\n    precondition {\n      condition     = length(path.module) > 9\n      error_message = \"fatal error: runtime: out of memory\"\n    }\n  }\n}\n"));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains("terraform plan failed. It ran out of the memory that a run may have; split the stack", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_no_run_has_memory_for_is_refused_before_anything_runs_with_what_mends_it()
    {
        var state = $$$"""{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"l","outputs":{"o":{"value":"{{{new string('x', 3 << 20)}}}","type":"string"}},"resources":[]}""";
        var engine = new EngineSettings { Limits = new SandboxLimits { Memory = 40 << 20 } };
        using var site = await Site.OpenAsync(new StackSettings(".", Environment: "prod"), engine, ("main.tf", "resource \"terraform_data\" \"a\" {}\n"), ("terraform.tfstate", state));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Equal("The stack's state has 3 MB, for which terraform needs 1 GB of memory, and a run may have 40 MB. Set engines.terraform.memory_gb in mcp-infra.yaml to 1 or more, or split the stack, so that each part keeps a state of its own.", answer.Text().Trim());
    }

    [Fact]
    public async Task Code_that_does_not_parse_is_a_fault_with_path_and_line()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket));
        var answer = await site.PlanAsync([new Edit("main.tf", Content: "resource {{{\n")]);
        Assert.True(answer.IsFault);
        Assert.Contains("main.tf:1", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_that_does_not_apply_is_a_fault()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket));
        var answer = await site.PlanAsync([new Edit("main.tf", Find: "absent", Replace: "x")]);
        Assert.True(answer.IsFault);
        Assert.Contains("does not apply", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_would_leave_the_egress_is_refused_with_what_to_add()
    {
        using var site = await Site.OpenAsync(("main.tf", "provider \"aws\" {\n  region = \"us-east-1\"\n}\nresource \"aws_s3_bucket\" \"b\" {}\n"));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains("`egress` in mcp-infra.yaml", answer.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"version\":4,\"serial\":1,\"lineage\":\"x\",\"resou", "cut")]
    [InlineData("{\"version\":3,\"serial\":1,\"lineage\":\"x\"}", "version 3")]
    [InlineData("not json", "cut")]
    [InlineData("[]", "not a Terraform state")]
    public async Task A_state_that_is_none_is_a_clear_fault(string state, string said)
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket), ("terraform.tfstate", state));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains(said, answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_is_a_link_is_not_followed()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket));
        File.CreateSymbolicLink(Path.Combine(site.Scratch.Root, "terraform.tfstate"), "/etc/hostname");
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains("Links are not followed", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_is_neither_locked_nor_written()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket), ("terraform.tfstate", State("bucket", "plain")));
        var before = Directory.GetFileSystemEntries(site.Scratch.Root).Order().Select(path => (path, File.GetLastWriteTimeUtc(path))).ToList();
        await site.PlannedAsync();
        Assert.Equal(before, Directory.GetFileSystemEntries(site.Scratch.Root).Order().Select(path => (path, File.GetLastWriteTimeUtc(path))));
    }

    [Fact]
    public async Task A_plan_belongs_to_its_caller_and_session()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket));
        var plan = await site.PlannedAsync();
        Assert.NotNull(site.Store.Find(plan.Id, Calls.Caller()));
        Assert.Null(site.Store.Find(plan.Id, Calls.Caller(session: "session-2")));
        Assert.Null(site.Store.Find(plan.Id, Calls.Caller(agent: "planner")));
        Assert.Null(site.Store.Find(plan.Id, Calls.Caller(organization: "other")));
        Assert.Null(site.Store.Find(plan.Id, Calls.Caller() with { Person = "sam" }));
    }

    [Fact]
    public async Task A_plan_that_still_holds_says_so_and_one_that_does_not_says_what_moved()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket), ("terraform.tfstate", State("bucket", "plain")));
        var plan = await site.PlannedAsync([new Edit("main.tf", Find: "plain", Replace: "encrypted")]);
        Assert.Empty(await site.Store.MovedAsync(plan, Calls.Caller(), default));

        site.Policy = "policy-2";
        Assert.Equal(["the policies changed"], await site.Store.MovedAsync(plan, Calls.Caller(), default));
        site.Policy = "policy-1";

        site.Scratch.Write("terraform.tfstate", State("bucket", "plain", serial: 2));
        Assert.Equal(["the state changed"], await site.Store.MovedAsync(plan, Calls.Caller(), default));

        site.Scratch.Write("terraform.tfstate", State("bucket", "plain"));
        site.Scratch.Commit(("README.md", "x"));
        Assert.Equal(["the branch it was planned from has new commits"], await site.Store.MovedAsync(plan, Calls.Caller(), default));
    }

    [Fact]
    public async Task Two_plans_of_the_same_have_the_same_digest_and_of_another_edit_another()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket), ("terraform.tfstate", State("bucket", "plain")));
        var one = await site.PlannedAsync([new Edit("main.tf", Find: "plain", Replace: "a")]);
        var same = await site.PlannedAsync([new Edit("main.tf", Find: "plain", Replace: "a")], caller: Calls.Caller(session: "session-2"));
        var other = await site.PlannedAsync([new Edit("main.tf", Find: "plain", Replace: "b")]);
        Assert.Equal(one.Digest, same.Digest);
        Assert.NotEqual(one.Id, same.Id);
        Assert.NotEqual(one.Digest, other.Digest);
        Assert.Equal(PlanDigest.Parts.Order(), one.Rests.Keys.Except(["from"]).Order());
    }

    [Fact]
    public async Task Identical_calls_at_once_share_one_run_for_its_owner_alone()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket));
        var answers = await Task.WhenAll(site.PlanAsync(), site.PlanAsync(), site.PlanAsync(caller: Calls.Caller(session: "session-2")));
        var ids = answers.Select(answer => answer.Structured!["plan"]!.GetValue<string>()).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Fact]
    public async Task An_identical_call_a_moment_later_gets_the_same_plan_until_what_it_rests_on_moves()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket), ("terraform.tfstate", State("bucket", "plain")));
        IReadOnlyList<Edit> edits = [new Edit("main.tf", Find: "plain", Replace: "a")];
        var first = await site.PlanAsync(edits);
        var again = await site.PlanAsync(edits);
        Assert.Equal(first.Structured!.ToJsonString(), again.Structured!.ToJsonString());
        Assert.Contains("it was not run again", again.Text(), StringComparison.Ordinal);
        Assert.NotEqual(first.Structured["plan"]!.ToString(), (await site.PlanAsync(edits, caller: Calls.Caller(session: "session-2"))).Structured!["plan"]!.ToString());

        site.Scratch.Write("terraform.tfstate", State("bucket", "plain", serial: 2));
        var moved = await site.PlanAsync(edits);
        Assert.NotEqual(first.Structured["plan"]!.ToString(), moved.Structured!["plan"]!.ToString());
        Assert.DoesNotContain("it was not run again", moved.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_may_not_propose_is_not_told_to()
    {
        using var site = await Site.OpenAsync(("main.tf", Bucket));
        var answer = await site.PlanAsync([new Edit("main.tf", Find: "plain", Replace: "a")], caller: Calls.Caller("planner"));
        Assert.DoesNotContain("propose_change", answer.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Targets_name_the_stack_with_its_environment_and_refuse_what_is_not_registered()
    {
        using var site = Site.With(new NoCage(), ("main.tf", Bucket));
        var found = await site.Tool.TargetsAsync(new("infra", "./"), Calls.Caller(), default);
        Assert.Equal(("infra/.", "stack", "infra", "prod"), (found.Targets[0].Id, found.Targets[0].Type, found.Targets[0].Repository, found.Targets[0].Environment));
        Assert.NotNull((await site.Tool.TargetsAsync(new("other", "."), Calls.Caller(), default)).Rule);
        Assert.NotNull((await site.Tool.TargetsAsync(new("infra", "../x"), Calls.Caller(), default)).Rule);
    }

    [Fact]
    public async Task Without_a_sandbox_it_refuses_and_says_how_to_get_one()
    {
        TestKit.Skip.UnlessFound("terraform");
        using var site = Site.With(new NoCage(), ("main.tf", Bucket));
        var answer = await site.PlanAsync();
        Assert.True(answer.IsFault);
        Assert.Contains("install it", answer.Text(), StringComparison.Ordinal);
    }

    internal static string State(string name, string input, int serial = 1) => $$"""
        {"version":4,"terraform_version":"1.5.0","serial":{{serial}},"lineage":"11111111-2222-3333-4444-555555555555","outputs":{},"resources":[
          {"mode":"managed","type":"terraform_data","name":"{{name}}","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[
            {"schema_version":0,"attributes":{"id":"0b5f2a3e-2f3c-4b8e-9d0a-1c2d3e4f5a6b","input":{"value":"{{input}}","type":"string"},"output":{"value":"{{input}}","type":"string"},"triggers_replace":null},"sensitive_attributes":[]}]}]}
        """;

    private sealed class NoCage : ISandbox
    {
        public SandboxKind Kind => SandboxKind.Bubblewrap;

        public IReadOnlyList<string> Program => [];

        public ValueTask<string> SettingsAsync(CancellationToken stop) => new("none here");

        public string Shown(ReadOnlyBind bind) => bind.Inside;

        public ValueTask<SandboxReadiness> ProbeAsync(CancellationToken stop) => new(new SandboxReadiness(false, "install it"));

        public Task<Cage> OpenAsync(SandboxRequest request, CancellationToken stop) => throw new SandboxException("It was opened without being ready.");
    }
}
