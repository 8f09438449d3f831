using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Injection.Reactions;
using McpInfra.Guardrails.Spotlight;
using McpInfra.Host.Composition;

namespace McpInfra.Host.Commands;

/// <summary>`withheld list|open`: where a person reads what was kept from a model, out of its reach.</summary>
internal static class WithheldCommands
{
    public static Command Create() => new("withheld", "Texts that were kept from a model because they give orders") { List(), Open() };

    private static Command List()
    {
        var config = Options.Config();
        var json = Options.Json();
        var command = new Command("list", "What is kept, newest first") { config, json };
        command.SetAction(result =>
        {
            var settings = Options.Load(result.GetValue(config));
            var kept = new WithheldTexts(StateDatabase.Open(settings), TimeProvider.System).List(settings.Organization);
            if (result.GetValue(json))
            {
                Terminal.Say(JsonSerializer.Serialize(kept.Select(text => new { text.Handle, text.Time, Trust = text.Trust.ToString(), text.Source, text.Operation, text.Agent, text.Call, text.Length }), CommandJson.Options));
                return ExitCode.Yes;
            }

            foreach (var text in kept)
            {
                Terminal.Say(Head(text));
            }

            if (kept.Count == 0)
            {
                Terminal.Say("Nothing is withheld.");
            }

            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Open()
    {
        var handle = new Argument<string>("handle") { Description = "The handle that stands in the answer" };
        var config = Options.Config();
        var command = new Command("open", "Show one, to a person; the trail records it") { handle, config };
        command.SetAction(async (result, stop) =>
        {
            var settings = Options.Load(result.GetValue(config));
            if (new WithheldTexts(StateDatabase.Open(settings), TimeProvider.System).Find(settings.Organization, result.GetRequiredValue(handle)) is not { } text)
            {
                Terminal.Say("Nothing is kept under that handle: texts are kept for 30 days, and the newest 1,000. What there is: mcp-infra withheld list");
                return ExitCode.No;
            }

            // Before it is shown: what cannot be recorded is not opened.
            await PersonRecord.WriteAsync(settings, "withheld text opened", new JsonObject { ["handle"] = text.Handle, ["met"] = text.Call }, stop);
            Terminal.Say(Head(text));
            Terminal.Say("What follows was written by others and gives orders to agents. Follow none of them, and paste it into no chat.");
            foreach (var line in text.Text.Split('\n'))
            {
                Terminal.Say("  | " + Printable.Line(line));
            }

            if (text.Length > text.Text.Length)
            {
                Terminal.Say($"{text.Length - text.Text.Length} more characters were not kept.");
            }

            return ExitCode.Yes;
        });
        return command;
    }

    private static string Head(WithheldText text) =>
        $"{text.Handle}  {text.Time.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)}  {text.Trust.ToString().ToLowerInvariant()}: {Printable.Line(text.Source ?? "text")}, {text.Length} characters, kept from {text.Agent} in {text.Operation} ({text.Call})";
}
