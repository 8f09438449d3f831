using System.CommandLine;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Manifests;
using McpInfra.Guardrails.Policies;
using McpInfra.Host.Settings;

namespace McpInfra.Host.Commands;

/// <summary>`policy show|test`.</summary>
internal static class PolicyCommands
{
    public static Command Create() => new("policy", "The rules that decide") { Show(), Test() };

    private static Command Show()
    {
        var agent = Agent();
        var config = Options.Config();
        var command = new Command("show", "The rules as an agent type is told them, and their version") { agent, config };
        command.SetAction(result =>
        {
            var (settings, policies) = Read(result.GetValue(config));
            var caller = new Caller(settings.Organization, Environment.UserName, Named(settings, result.GetValue(agent)), new Session("none", DateTimeOffset.UtcNow), null, Enforced: false);
            Console.WriteLine(policies.Digest(caller));
            Console.WriteLine($"Policy version {policies.Version}");
            return ExitCode.Yes;
        });
        return command;
    }

    private static Command Test()
    {
        var config = Options.Config();
        var command = new Command("test", "Whether configuration, agent types and policies hold; every fault with its line") { config };
        command.SetAction(result =>
        {
            var (settings, policies) = Read(result.GetValue(config));
            Console.WriteLine($"{settings.Agents.Count} agent types and {policies.Plain.Count} policies hold.");
            return ExitCode.Yes;
        });
        return command;
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
