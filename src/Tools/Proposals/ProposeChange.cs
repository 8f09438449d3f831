using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Budgets;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Proposals.Forges;

namespace McpInfra.Tools.Proposals;

/// <summary>Puts a plan's edits before people, on a branch of its own, with the evidence.</summary>
public sealed class ProposeChange(IPlans plans, Repositories repositories, Drafts drafts) : ITool<ProposeChange.Args>
{
    private const string PlanAgain = "Call plan_change with the edits, then propose the plan that it names";

    /// <summary>The arguments.</summary>
    /// <param name="Plan">The plan.</param>
    /// <param name="Title">One line.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="Finding">What it mends.</param>
    public sealed record Args(
        [Description("A plan of this session.")] [MinLength(1)] [MaxLength(100)] string Plan,
        [Description("What the change does, in one line.")] [MinLength(1)] [MaxLength(200)] string Title,
        [Description("Why, for the person who reviews it.")] [MinLength(1)] [MaxLength(4000)] string Reason,
        [Description("The finding it mends.")] [MinLength(1)] [MaxLength(200)] string? Finding = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new(
        "propose_change", Tier.Draft, "Opens a pull request with the edits of a plan, for a person to review. The same plan gives the same proposal.", Spend.Proposal);

    /// <summary>The plan, if it still holds: what has moved is refused here, before anybody is asked to approve it.</summary>
    public async ValueTask<Resolution> TargetsAsync(Args args, Caller caller, CancellationToken stop)
    {
        if (args.Plan.StartsWith(DriftReport.Prefix, StringComparison.Ordinal))
        {
            return Resolution.Refused("a drift report is no plan and has nothing to propose", PlanAgain);
        }

        if (plans.Find(args.Plan, caller) is not { } plan || repositories.Find(plan.Repository) is not { } repository)
        {
            return Resolution.Refused("there is no such plan of this session; plan again", PlanAgain);
        }

        try
        {
            var moved = drafts.Opened(plan) is null ? await MovedAsync(plan, repository, caller, stop) : [];
            return moved.Count == 0
                ? new Resolution([plan.Target with { Environment = plan.Environment ?? repository.Settings.Stacks.FirstOrDefault(stack => stack.Path == plan.Stack)?.Environment }])
                : Resolution.Refused($"the plan is void, for this has moved since: {string.Join(", ", moved)}; plan again", PlanAgain);
        }
        catch (Exception exception) when (exception is ForgeException or CredentialException or RepositoryException)
        {
            return Resolution.Refused("whether the plan still holds cannot be found out", exception.Message.TrimEnd('.'));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        if (plans.Find(args.Plan, call.Caller) is not { } plan || repositories.Find(plan.Repository) is not { } repository)
        {
            return Answer.Fault("The plan is gone. Plan again.");
        }

        try
        {
            return Shown(drafts.Opened(plan) ?? await drafts.OpenAsync(repository, plan, args, call, stop), call);
        }
        catch (RepositoryException exception)
        {
            return Answer.Fault(exception.Message, exception.Path is { } path ? [new Part(Trust.Tenant, path, "path")] : []);
        }
        catch (Exception exception) when (exception is ForgeException or CredentialException)
        {
            return Answer.Fault(exception.Message);
        }
    }

    private async ValueTask<IReadOnlyList<string>> MovedAsync(Plan plan, Repository repository, Caller caller, CancellationToken stop)
    {
        var moved = await plans.MovedAsync(plan, caller, stop);
        return moved.Count > 0 || await drafts.HoldsAsync(repository, plan, caller, stop) ? moved : ["the default branch"];
    }

    private static Answer Shown(Proposal proposal, Call call) => new(
    [
        new(Trust.Own, $"Proposal `{proposal.Id}` is open with the evidence of its plan; a person reviews and merges it.{(call.Caller.Enforced ? "" : " Mode: same user, not enforced.")}"),
        new(Trust.Tenant, $"branch {proposal.Branch}\nurl {proposal.Url}{(proposal.Labels.Count == 0 ? "" : $"\nlabels {string.Join(", ", proposal.Labels)}")}", "branch and address of the proposal"),
    ])
    {
        Structured = new JsonObject { ["proposal"] = proposal.Id, ["branch"] = proposal.Branch, ["url"] = proposal.Url },
    };
}
