using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Guardrails.Approvals;

/// <summary>Admits a call that a guard or the agent type's manifest wants people for only when they approved exactly it, once, out of band.</summary>
/// <param name="store">Where approvals are kept.</param>
/// <param name="redact">Redacts arguments for the approver.</param>
public sealed class ApprovalGuard(ApprovalStore store, Func<JsonElement, JsonNode?> redact) : IApprovals
{
    private const string Guard = "approval";
    private const int MostShown = 100;

    /// <inheritdoc/>
    public ValueTask<Verdict> AdmitAsync(Call call, IReadOnlyList<Verdict> asks, CancellationToken stop)
    {
        IReadOnlyList<Verdict> all = [.. asks, .. Wanted(call)];
        if (all.Count == 0)
        {
            return new(Verdict.Allow);
        }

        var reasons = all.Select(ask => $"{ask.Guard}: {ask.Rule}").Distinct().ToList();
        var wanted = new Approval
        {
            Id = ApprovalStore.NewId(), Organization = call.Caller.Organization, Person = call.Caller.Person, Agent = call.Caller.Agent.Name,
            Session = call.Caller.Session.Id, Call = call.Id, Operation = call.Operation.Name, Arguments = redact(call.Given)?.ToJsonString() ?? "{}",
            Targets = Targets(call), Reasons = string.Join('\n', reasons), People = all.Max(ask => ask.People), ApprovedBy = [],
            State = ApprovalState.Waiting, Created = default, Expires = default, IsEnforced = call.Caller.Enforced,
        };
        return new(Answer(store.UseOrAsk(wanted, CallDigest.Of(call, reasons))));
    }

    private static Verdict Answer(Approval? approval) => approval switch
    {
        null => Verdict.Deny(Guard, "too many calls wait for approval", "Wait until a person has decided on those that wait: `mcp-infra approvals list`"),
        { State: ApprovalState.Used } => Verdict.Noted(Guard, Approved(approval), Severity.Escalate) with { Approval = approval.Id },
        { State: ApprovalState.Denied } => Verdict.Deny(Guard, "a person denied exactly this call", "Ask that person what to do instead") with { Approval = approval.Id },
        _ => Verdict.Await(
            Guard, $"{People(approval.People)} must approve exactly this call",
            $"Ask a person to run `mcp-infra approvals approve {approval.Id}`, then make the identical call again", approval.Id),
    };

    private static string Approved(Approval approval) =>
        $"{People(approval.People)} approved exactly this call{(approval.IsEnforced ? "" : ", same user, not enforced")}";

    private static string People(int people) => people == 1 ? "a person" : $"{people} people";

    private static string Targets(Call call)
    {
        var lines = call.Targets.Take(MostShown).Select(target => Printable.Line(
            $"{target.Type} {target.Id}, environment {target.Environment ?? "unknown"}, repository {target.Repository ?? "none"}")).ToList();
        return lines.Count == 0 ? "nothing in particular"
            : call.Targets.Count > lines.Count ? string.Join('\n', [.. lines, $"and {call.Targets.Count - lines.Count} more"])
            : string.Join('\n', lines);
    }

    private static IEnumerable<Verdict> Wanted(Call call) =>
        from rule in call.Caller.Agent.Approvals
        where rule.Applies(call.Operation, call.Targets)
        select Verdict.Ask(
            Guard, rule.Environment is null ? "the agent type's manifest wants it for this operation" : "the agent type's manifest wants it for this environment",
            rule.People, "");
}
