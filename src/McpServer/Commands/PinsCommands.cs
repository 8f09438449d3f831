using System.CommandLine;
using System.Text.Json;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Pinning;
using McpInfra.Guardrails.Spotlight;
using McpInfra.Host.Composition;

namespace McpInfra.Host.Commands;

/// <summary>`pins show|accept`: what models are told of operations, and whether an operator accepted it so.</summary>
internal static class PinsCommands
{
    public static Command Create() => new("pins", "What models are told of operations, and what of it changed since it was accepted") { Show(), Accept() };

    private static Command Show()
    {
        var config = Options.Config();
        var json = Options.Json();
        var command = new Command("show", "What changed, as it was accepted and as it is") { config, json };
        command.SetAction(result =>
        {
            var changes = Open(Options.Load(result.GetValue(config))).Changes(OwnPins.Server);
            if (result.GetValue(json))
            {
                Terminal.Say(JsonSerializer.Serialize(changes, CommandJson.Options));
                return changes.Count == 0 ? ExitCode.Yes : ExitCode.No;
            }

            foreach (var change in changes)
            {
                Terminal.Say(Printable.Line(change.ToString()));
                Print("  - ", change.Accepted);
                Print("  + ", change.Seen);
            }

            Terminal.Say(changes.Count == 0 ? "Everything is as it was accepted." : "Accept it with: mcp-infra pins accept");
            return changes.Count == 0 ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }

    private static Command Accept()
    {
        var config = Options.Config();
        var command = new Command("accept", "Accept what the last start told; the trail records it") { config };
        command.SetAction(async (result, stop) =>
        {
            var settings = Options.Load(result.GetValue(config));
            var pins = Open(settings);
            await using var trail = AuditTrail.Open(settings.StateFolder, TimeProvider.System, new AuditSettings(settings.DurableAudit));
            await trail.EventAsync(OwnPins.Event(settings.Organization, "pins accepted", pins.Changes(OwnPins.Server), Environment.UserName), stop);
            Terminal.Say($"Accepted: {pins.Accept(OwnPins.Server).Count} changes.");
            return ExitCode.Yes;
        });
        return command;
    }

    private static Pins Open(Settings.Settings settings) => new(StateDatabase.Open(settings), settings.Organization);

    private static void Print(string mark, string? text)
    {
        foreach (var line in text?.Split('\n') ?? [])
        {
            Terminal.Say(mark + Printable.Line(line));
        }
    }
}
