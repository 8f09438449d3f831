using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Approvals;
using McpInfra.Host.Composition;

namespace McpInfra.Host.Commands;

/// <summary>`approvals list|approve|deny`: where a person decides, out of the client's reach.</summary>
internal static class ApprovalsCommands
{
    public static Command Create() => new("approvals", "Calls that want a person") { List(), Decide("approve", "Let this exact call run, once", (store, id, person) => store.Approve(id, person)), Decide("deny", "Refuse it for good", (store, id, person) => store.Deny(id, person)) };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "Decided, used and expired ones too" };
        var config = Options.Config();
        var json = Options.Json();
        var command = new Command("list", "What waits for a person") { all, config, json };
        command.SetAction(result =>
        {
            var approvals = Open(Options.Load(result.GetValue(config))).List(result.GetValue(all));
            if (result.GetValue(json))
            {
                Terminal.Say(JsonSerializer.Serialize(approvals, CommandJson.Options));
                return ExitCode.Yes;
            }

            foreach (var approval in approvals)
            {
                Print(approval);
            }

            if (approvals.Count == 0)
            {
                Terminal.Say("Nothing waits for a person.");
            }

            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Decide(string name, string description, Func<ApprovalStore, string, string, ApprovalDecision> decide)
    {
        var id = new Argument<string>("id") { Description = "The approval" };
        var config = Options.Config();
        var command = new Command(name, description) { id, config };
        command.SetAction(async (result, stop) =>
        {
            var settings = Options.Load(result.GetValue(config));
            var store = Open(settings);
            if (store.Find(result.GetRequiredValue(id)) is { } asked)
            {
                // Before it counts: a decision that cannot be recorded is none.
                await PersonRecord.WriteAsync(settings, $"approvals {name}", new JsonObject { ["approval"] = asked.Id, ["call"] = asked.Call }, stop);
            }

            var decided = decide(store, result.GetRequiredValue(id), Environment.UserName);
            if (decided.Approval is { } approval)
            {
                Print(approval);
            }

            Terminal.Say(decided.Message);
            return decided.Done ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }

    private static void Print(Approval approval)
    {
        Terminal.Say($"{approval.Id}  {approval.State.ToString().ToLowerInvariant()}  {approval.Operation} by {approval.Agent}{(approval.Person is null ? "" : $" for {approval.Person}")}, {approval.ApprovedBy.Count} of {approval.People} approved, until {approval.Expires.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)}{(approval.IsEnforced ? "" : " (same user, not enforced)")}");
        Terminal.SayLine($"  why:       {approval.Reasons}");
        Terminal.SayLine($"  arguments: {approval.Arguments}");
        Terminal.SayLine($"  targets:   {approval.Targets}");
    }

    private static ApprovalStore Open(Settings.Settings settings) => new(StateDatabase.Open(settings), settings.Organization, TimeProvider.System);
}
