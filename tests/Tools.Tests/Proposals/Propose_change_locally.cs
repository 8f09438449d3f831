using McpInfra.Guardrails;
using McpInfra.Tools.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Proposals;

public sealed class Propose_change_locally : IDisposable
{
    private readonly Workshop workshop = new();

    private string Git(params IReadOnlyList<string> arguments) => workshop.Scratch.Run(arguments);

    [Fact]
    public async Task Makes_one_commit_on_the_base_with_exactly_the_plans_tree()
    {
        var plan = workshop.PlanOf();
        var answer = await workshop.ProposeAsync(plan.Id);
        Assert.False(answer.IsFault, answer.Text());
        var branch = Workshop.Field(answer, "branch");
        Assert.Equal($"agent/remediator/ckv-aws-19/{plan.Digest[..12]}", branch);
        Assert.Equal(plan.Tree, Git("rev-parse", branch + "^{tree}").Trim());
        Assert.Equal(plan.Base, Git("rev-parse", branch + "^").Trim());
        Assert.Equal("main.tf\nmodules/new.tf\nold.tf\n", Git("diff", "--name-only", "main", branch));
        Assert.StartsWith("Encrypt the log bucket\n\nPlan: " + plan.Id, Git("log", "-1", "--format=%B", branch), StringComparison.Ordinal);
        Assert.Empty(Git("fsck", "--strict", "--no-dangling"));
        Assert.Equal("local:" + Workshop.Field(answer, "proposal"), Workshop.Field(answer, "url"));
    }

    [Fact]
    public async Task Shows_labels_in_the_commit_and_the_answer()
    {
        workshop.Notices = [new("loss (a.cedar:2)", Severity.Escalate, "", "data-loss")];
        var answer = await workshop.ProposeAsync(workshop.PlanOf().Id);
        Assert.Equal("data-loss\n", Git("log", "-1", "--format=%(trailers:key=Label,valueonly,separator=%x2C)", Workshop.Field(answer, "branch")));
        Assert.EndsWith("labels data-loss", answer.Parts[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Touches_neither_head_nor_index_nor_worktree_nor_the_default_branch()
    {
        workshop.Scratch.Write("main.tf", "a person's unsaved work\n");
        workshop.Scratch.Write("staged.tf", "staged\n");
        Git("add", "staged.tf");
        var before = (Git("status", "--porcelain"), Git("rev-parse", "HEAD", "main"), Git("symbolic-ref", "HEAD"), Git("ls-files", "-s"));
        await workshop.ProposeAsync(workshop.PlanOf().Id);
        Assert.Equal(before, (Git("status", "--porcelain"), Git("rev-parse", "HEAD", "main"), Git("symbolic-ref", "HEAD"), Git("ls-files", "-s")));
        Assert.Equal("a person's unsaved work\n", File.ReadAllText(Path.Combine(workshop.Scratch.Root, "main.tf")));
    }

    [Fact]
    public async Task Returns_the_same_proposal_for_the_same_plan_in_another_process()
    {
        var plan = workshop.PlanOf();
        var first = await workshop.ProposeAsync(plan.Id);
        var second = await workshop.ProposeAsync(plan.Id, title: "Another title", finding: null);
        Assert.Equal(first.Structured!.ToJsonString(), second.Structured!.ToJsonString());
        Assert.Single(Git("for-each-ref", "--format=%(refname)", "refs/heads/agent").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Returns_one_proposal_however_many_ask_at_once()
    {
        var plan = workshop.PlanOf();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => workshop.ProposeAsync(plan.Id, title: $"Title {number}", finding: null))));
        Assert.All(answers, answer => Assert.False(answer.IsFault, answer.Text()));
        Assert.Single(answers.Select(answer => answer.Structured!.ToJsonString()).Distinct());
    }

    [Fact]
    public async Task Waits_while_another_process_writes_the_branch_and_says_when_it_never_ends()
    {
        var plan = workshop.PlanOf();
        var branch = Workshop.Field(await workshop.ProposeAsync(plan.Id), "branch");
        Git("update-ref", "-d", "refs/heads/" + branch);
        using (var connection = workshop.Kept.Open().Read())
        {
            Dapper.SqlMapper.Execute(connection, "UPDATE proposal SET url = NULL");
        }

        var held = Path.Combine(workshop.Scratch.Root, ".git", "refs", "heads", branch + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(held)!);
        await File.WriteAllTextAsync(held, "");
        Assert.Contains("holds the lock", (await workshop.ProposeAsync(plan.Id)).Text(), StringComparison.Ordinal);
        File.Delete(held);
        Assert.False((await workshop.ProposeAsync(plan.Id)).IsFault);
    }

    [Fact]
    public async Task Goes_on_where_an_earlier_call_stopped()
    {
        var plan = workshop.PlanOf();
        var first = await workshop.ProposeAsync(plan.Id);
        var commit = Git("rev-parse", Workshop.Field(first, "branch"));
        using (var connection = workshop.Kept.Open().Read())
        {
            Dapper.SqlMapper.Execute(connection, "UPDATE proposal SET url = NULL");
        }

        Assert.Equal(first.Structured!.ToJsonString(), (await workshop.ProposeAsync(plan.Id)).Structured!.ToJsonString());
        Assert.Equal(commit, Git("rev-parse", Workshop.Field(first, "branch")));
    }

    [Fact]
    public async Task Refuses_a_branch_of_its_name_that_someone_else_made()
    {
        var plan = workshop.PlanOf();
        Git("branch", $"agent/remediator/ckv-aws-19/{plan.Digest[..12]}", "main");
        Assert.Contains("with other commits", (await workshop.ProposeAsync(plan.Id)).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_is_in_the_way_when_the_branch_cannot_be_made()
    {
        Git("branch", "agent", "main");
        Assert.Contains("in the way", (await workshop.ProposeAsync(workshop.PlanOf().Id)).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_plan_again_before_anyone_is_asked_when_the_base_has_moved()
    {
        var plan = workshop.PlanOf();
        Assert.Equal(("plan", "infra", "prod"), (await workshop.TargetsAsync(plan.Id)).Targets.Select(target => (target.Type, target.Repository, target.Environment)).Single());
        Assert.Contains(plan.Digest, (await workshop.TargetsAsync(plan.Id)).Targets[0].Id, StringComparison.Ordinal);
        workshop.Scratch.Commit(("main.tf", "moved\n"));
        Assert.Contains("plan again", (await workshop.TargetsAsync(plan.Id)).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Holds_when_the_default_branch_has_another_commit_of_the_same_tree()
    {
        var plan = workshop.PlanOf();
        Git("commit", "--quiet", "--allow-empty", "-m", "empty");
        Assert.Null((await workshop.TargetsAsync(plan.Id)).Rule);
    }

    [Fact]
    public async Task Says_plan_again_for_all_that_moved_and_for_plans_of_others()
    {
        var plan = workshop.PlanOf();
        workshop.Known.Moved = ["the state", "the policies"];
        Assert.Equal("the plan is void, for this has moved since: the state, the policies; plan again", (await workshop.TargetsAsync(plan.Id)).Rule);
        workshop.Known.Moved = [];
        Assert.All(
            await Task.WhenAll(workshop.TargetsAsync(plan.Id, Calls.Caller(organization: "other")), workshop.TargetsAsync(plan.Id, Calls.Caller(session: "other")), workshop.TargetsAsync("plan_x")),
            resolution => Assert.Contains("plan again", resolution.Rule, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Still_answers_for_an_open_proposal_whose_base_has_moved()
    {
        var plan = workshop.PlanOf();
        var first = await workshop.ProposeAsync(plan.Id);
        workshop.Scratch.Commit(("main.tf", "moved\n"));
        Assert.Null((await workshop.TargetsAsync(plan.Id)).Rule);
        Assert.Equal(first.Structured!.ToJsonString(), (await workshop.ProposeAsync(plan.Id)).Structured!.ToJsonString());
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData(".github/workflows/ci.yml")]
    [InlineData(".gitattributes")]
    [InlineData("run.sh")]
    public async Task Proposes_only_the_stacks_engine_files(string path)
    {
        var answer = await workshop.ProposeAsync(workshop.PlanOf(new Edit(path, Content: "changed\n"), new Edit("main.tf", Content: "changed\n")).Id);
        Assert.True(answer.IsFault);
        Assert.Equal(("path", path, Trust.Tenant), (answer.Parts[1].Source, answer.Parts[1].Text, answer.Parts[1].Trust));
        Assert.Empty(Git("for-each-ref", "refs/heads/agent"));
    }

    [Fact]
    public async Task Proposes_no_file_that_the_plan_does_not_name()
    {
        var plan = workshop.PlanOf();
        workshop.Known.Held[0] = plan with { Files = ["main.tf", "old.tf"] };
        Assert.Equal("modules/new.tf", (await workshop.ProposeAsync(plan.Id)).Parts[1].Text);
    }

    [Fact]
    public async Task Has_nothing_to_propose_of_a_plan_without_edits() =>
        Assert.Contains("no edits", (await workshop.ProposeAsync(workshop.PlanOf(new Edit("old.tf", Content: "# old\n")).Id)).Text(), StringComparison.Ordinal);

    [Fact]
    public async Task Shows_its_branch_to_read_repository()
    {
        var answer = await workshop.ProposeAsync(workshop.PlanOf().Id);
        foreach (var reference in new[] { "branch", "proposal" })
        {
            var args = new ReadRepository.Args("infra", "modules/new.tf", Ref: Workshop.Field(answer, reference));
            var tool = new ReadRepository(workshop.Repositories, workshop.Store);
            Assert.Contains("1| # new", (await tool.RunAsync(args, Calls.Of(tool, args), CancellationToken.None)).Text(), StringComparison.Ordinal);
            Assert.True((await tool.RunAsync(args, Calls.Of(tool, args, Calls.Caller(organization: "other")), CancellationToken.None)).IsFault);
        }
    }

    [Fact]
    public async Task Runs_no_hook_and_no_program_of_the_repositorys_configuration()
    {
        var witness = Path.Combine(workshop.Scratch.Folder, "witness");
        var hooks = Path.Combine(workshop.Scratch.Root, ".git", "hooks");
        Directory.CreateDirectory(hooks);
        foreach (var hook in new[] { "reference-transaction", "pre-commit", "post-commit", "commit-msg", "prepare-commit-msg", "post-checkout", "fsmonitor-watchman", "post-index-change" })
        {
            var path = Path.Combine(hooks, hook);
            File.WriteAllText(path, $"#!/bin/sh\ntouch '{witness}'\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        var answer = await workshop.ProposeAsync(workshop.PlanOf().Id);
        Assert.False(answer.IsFault);
        Assert.False(File.Exists(witness));
    }

    public void Dispose() => workshop.Dispose();
}
