using System.CommandLine;
using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Manifests;
using McpInfra.Guardrails.Policies;
using McpInfra.Guardrails.Policies.Cases;
using McpInfra.Host.Composition;
using McpInfra.Host.Settings;
using McpInfra.Tools.Git;

namespace McpInfra.Host.Commands;

/// <summary>`policy show|test`.</summary>
internal static class PolicyCommands
{
    public static Command Create() => new("policy", "The rules that decide") { Show(), Test() };

    private static Command Show()
    {
        var agent = Agent();
        var config = Options.Config();
        var json = Options.Json();
        var command = new Command("show", "What an agent type may do, with the rule behind each cell, and what it is told") { agent, config, json };
        command.SetAction(result =>
        {
            var (settings, policies) = Read(result.GetValue(config));
            var caller = new Caller(settings.Organization, Environment.UserName, Named(settings, result.GetValue(agent)), new Session("none", DateTimeOffset.UtcNow), null, Enforced: false);
            var environments = settings.Repositories.SelectMany(repository => repository.Stacks).Select(stack => stack.Environment).OfType<string>().ToList();
            if (result.GetValue(json))
            {
                Terminal.Say(JsonSerializer.Serialize(AccessTable.Rows(policies, caller, environments, DateTimeOffset.UtcNow), CommandJson.Options));
                return ExitCode.Yes;
            }

            Terminal.Say(string.Join("\n\n", PolicyDigestOperation.Of(policies, caller, settings.Policies is { } folder ? new FileHistory(folder) : null).Parts.Select(part => part.Source is null ? part.Text : $"{part.Source}:\n{part.Text}")));
            Terminal.Say(AccessTable.Of(policies, caller, environments, DateTimeOffset.UtcNow));
            Terminal.Say($"Policy version {policies.Version}");
            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Test()
    {
        var config = Options.Config();
        var command = new Command("test", "Whether configuration, agent types and policies hold, and their cases (*.test.yaml) decide as expected") { config };
        command.SetAction(result =>
        {
            var (settings, policies) = Read(result.GetValue(config));
            Terminal.Say($"{settings.Agents.Count} agent types, {policies.Rules.Count} rules and {policies.Plain.Count} plain-language policies hold.");
            foreach (var warning in policies.Warnings)
            {
                Terminal.Say($"Warning: {warning}");
            }

            return Print(Run(settings, policies));
        });
        return command;
    }

    private static PolicyTest Run(Settings.Settings settings, Rulebook policies)
    {
        var faults = new List<Fault>();
        var reader = new PolicyCaseReader(settings.Organization, settings.Agents, faults);
        var cases = settings.Policies is { } folder ? RulebookFiles.Tests(folder).SelectMany(reader.Read).ToList() : [];
        return faults.Count == 0 ? PolicyTest.Run(policies, cases) : throw new SettingsException(faults);
    }

    private static int Print(PolicyTest test)
    {
        Terminal.Say($"{test.Cases} cases, {test.Differences.Count} differ.");
        foreach (var difference in test.Differences)
        {
            Terminal.Say("  " + difference);
        }

        if (test.Unreached.Count > 0)
        {
            Terminal.Say("No case reaches:");
            foreach (var place in test.Unreached)
            {
                Terminal.Say("  " + place);
            }
        }

        return test.Differences.Count == 0 ? ExitCode.Yes : ExitCode.No;
    }

    private static Option<string?> Agent() => new("--agent") { Description = "The agent type; else the configuration's, else planner", HelpName = "TYPE" };

    private static AgentType Named(Settings.Settings settings, string? agent) =>
        settings.Agents.GetValueOrDefault(agent ?? settings.Agent) ?? throw new SettingsException($"There is no agent type of that name. Agent types: {string.Join(", ", settings.Agents.Keys)}.");

    private static (Settings.Settings Settings, Rulebook Policies) Read(string? config)
    {
        var settings = Options.Load(config);
        var faults = new List<Fault>();
        var policies = Rulebook.Read(settings.Policies, faults);
        return faults.Count == 0 ? (settings, policies) : throw new SettingsException(faults);
    }
}
