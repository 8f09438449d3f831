using CsCheck;
using McpInfra.Guardrails;
using McpInfra.Tools.Proposals;
using Xunit;

namespace McpInfra.Tools.Tests.Proposals;

public sealed class The_evidence : IDisposable
{
    private readonly Workshop workshop = new();

    private async Task<Proposal> ProposeAsync(string title = "Title", string reason = "Reason", string? finding = null, bool enforced = false)
    {
        var answer = await workshop.ProposeAsync(workshop.PlanOf().Id, title, reason, finding, Calls.Caller(enforced: enforced));
        return workshop.Store.Find("acme", "infra", Workshop.Field(answer, "proposal"))!;
    }

    [Fact]
    public async Task Shows_on_what_the_plan_rests_and_who_asked_in_which_mode()
    {
        var proposal = await ProposeAsync(reason: "Because it is open.", finding: "CKV_AWS_19");
        Assert.All(
            [proposal.Digest, proposal.Base, proposal.Tree, proposal.Plan, "Because it is open.", "CKV_AWS_19", "1 to update", "update   terraform_data.logs  arn:aws:s3:::logs  used by 3",
                "passed: providers: all from the allow-list", "`remediator`", "`pat`", "`approval_7`", "`call_1`", "same user, not enforced", "`main at "],
            fact => Assert.Contains(fact, proposal.Body, StringComparison.Ordinal));
        Assert.DoesNotContain("session-1", proposal.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begins_with_what_CI_may_see_otherwise_and_says_what_was_not_compared_reached_or_refused()
    {
        var plan = workshop.PlanOf();
        workshop.Known.Held[^1] = plan with { Warnings = ["main.tf:3: timestamp may give another value"], NotCompared = ["aws_db_instance.a"], Endpoints = ["awsmoto:5555: 3 requests", "evil:1: refused 1 time, not in the stack's egress"] };
        var body = workshop.Store.Find("acme", "infra", Workshop.Field(await workshop.ProposeAsync(plan.Id), "proposal"))!.Body;
        Assert.StartsWith("## Look here first", body, StringComparison.Ordinal);
        Assert.All(["main.tf:3: timestamp", "aws_db_instance.a", "awsmoto:5555: 3 requests", "evil:1: refused 1 time"], fact => Assert.Contains(fact, body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_the_rules_that_took_notice_with_their_labels()
    {
        workshop.Notices = [new Notice("big-changes (limits.cedar:3)", Severity.Warn, "Split it.", "needs-review"), new Notice("all (audit.cedar:1)", Severity.Audit, "", null)];
        Assert.Contains("warn: big-changes (limits.cedar:3). Split it (label needs-review)\naudit: all (audit.cedar:1)\n", (await ProposeAsync()).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_when_the_mode_is_enforced()
    {
        var proposal = await ProposeAsync(enforced: true);
        Assert.Contains("Mode: enforced", proposal.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("not enforced", proposal.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_a_diff_within_its_fence()
    {
        var body = (await ProposeAsync()).Body;
        Assert.Contains("````diff\n  ~ terraform_data.logs\n```\n<script>alert(1)</script> @everyone\n````", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Fixes #1")]
    [InlineData("closes GH-12 and resolves acme/infra#3")]
    [InlineData("Fixes https://github.com/acme/infra/issues/1")]
    [InlineData("ping @octocat and @acme/admins")]
    [InlineData("[skip ci] now")]
    [InlineData("![x](https://evil.example/pixel.png)")]
    [InlineData("<img src=https://evil.example/x>")]
    [InlineData("one\r\ntwo: Co-authored-by: x <y@z>")]
    [InlineData("red\u001b[31m\u202Egnp\u200B")]
    [InlineData("`code` ``` fence")]
    public async Task Has_a_title_without_power_over_the_forge(string title)
    {
        var proposal = await ProposeAsync(title: title);
        Assert.DoesNotMatch(@"#\d|GH-\d|@\w|://|\[skip|!\[|<|`|[\u0000-\u001f]|\p{Cf}", proposal.Title);
        Assert.Equal(proposal.Title, proposal.Message.Split('\n')[0]);
        Assert.DoesNotMatch(@"#\d|GH-\d|@\w|://|\[skip|Co-authored-by: x <", proposal.Message);
        Assert.InRange(proposal.Title.Length, 1, 100);
    }

    [Theory]
    [InlineData("Fixes #1\n```\n## Approved by security @acme/admins\n<!-- hidden -->")]
    [InlineData("````\n~~~\n| Mode | `enforced` |\nCloses #9")]
    public async Task Quotes_the_reason_where_nothing_in_it_is_rendered(string reason)
    {
        var body = (await ProposeAsync(reason: reason)).Body;
        var quoted = body["## Why\n\n".Length..body.IndexOf("\n\n## What would change", StringComparison.Ordinal)].Split('\n');
        var fence = quoted[0][..quoted[0].IndexOf("text", StringComparison.Ordinal)];
        Assert.Equal(fence, quoted[^1]);
        Assert.DoesNotContain(quoted[1..^1], line => line.Contains(fence, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"#\d|@acme", string.Join('\n', quoted));
    }

    [Fact]
    public void Never_lets_a_text_close_its_fence() => Gen.OneOf(Gen.OneOf("`", "```", "````\n", "~~~", "\n", "\r", "\u2028", "x", "\u0000"), Gen.String[0, 5]).List[0, 30].Sample(parts =>
    {
        var lines = ForgeText.Fence(string.Concat(parts), "text", 5000).Split('\n');
        var fence = lines[0][..^"text".Length];
        Assert.Equal(fence, lines[^1]);
        Assert.DoesNotContain(lines[1..^1], line => line.Contains(fence, StringComparison.Ordinal));
    });

    [Fact]
    public void Tames_a_line_once_and_for_all() => Gen.OneOf(Gen.OneOf("@", "#", "1", "GH-", "://", "www.", "[", "]", "`", " ", "\n", "a"), Gen.String[0, 3]).List[0, 20].Sample(parts =>
    {
        var line = ForgeText.Line(string.Concat(parts), 100);
        Assert.Equal(line, ForgeText.Line(line, 100));
        Assert.DoesNotMatch(@"#\d|GH-\d|@[^\s]|://|[\r\n`\[\]<>]", line);
        Assert.True(line.Length <= 100);
    }, iter: 20_000);

    [Fact]
    public async Task Stays_below_what_github_takes()
    {
        var plan = workshop.PlanOf();
        workshop.Known.Held[0] = plan with
        {
            Diff = new string('d', 500_000),
            Changes = [.. Enumerable.Range(0, 5000).Select(number => new McpInfra.Tools.Plans.PlannedChange($"a.b[{number}]", "create", null))],
        };
        var answer = await workshop.ProposeAsync(plan.Id, reason: new string('r', 4000));
        Assert.True(workshop.Store.Find("acme", "infra", Workshop.Field(answer, "proposal"))!.Body.Length < 65_000);
    }

    [Theory]
    [InlineData("remediator", "CKV/../x y", "agent/remediator/ckv-x-y/abcdef012345")]
    [InlineData("Rem ediator", "-rf --force", "agent/rem-ediator/rf-force/abcdef012345")]
    [InlineData("a", "\u202E..@{~^:?*[\\", "agent/a/change/abcdef012345")]
    [InlineData("..", ".lock", "agent/agent/lock/abcdef012345")]
    public void Names_a_branch_of_safe_characters_only(string agent, string reference, string branch)
    {
        Assert.Equal(branch, McpInfra.Tools.Git.BranchName.Of(agent, reference, "abcdef0123456789"));
        Assert.True(McpInfra.Tools.Git.BranchName.IsOurs(branch));
    }

    [Fact]
    public void Names_a_branch_that_git_takes_whatever_it_is_named_after() => Gen.Select(Gen.String, Gen.String).Sample((agent, reference) =>
    {
        var branch = McpInfra.Tools.Git.BranchName.Of(agent, reference, new string('f', 64));
        Assert.True(McpInfra.Tools.Git.BranchName.IsOurs(branch));
        Assert.True(LibGit2Sharp.Reference.IsValidName("refs/heads/" + branch));
        Assert.True(branch.Length < 150);
    });

    public void Dispose() => workshop.Dispose();
}
