using System.CommandLine;
using System.Data.Common;
using System.Text.Json;
using McpInfra.Guardrails.Identity;
using McpInfra.Guardrails.Pinning;
using McpInfra.Guardrails.Spotlight;
using McpInfra.Host.Composition;
using McpInfra.Host.Settings;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Escapes;

namespace McpInfra.Host.Commands;

/// <summary>`doctor`: what is missing, and the command that mends it.</summary>
internal static class DoctorCommand
{
    private const string Attempt = "break out: ";

    private sealed record Check(string Name, bool Well, string Found, string? Mend);

    public static Command Create()
    {
        var config = Options.Config();
        var json = Options.Json();
        var command = new Command("doctor", "What is missing here, and the command that mends it") { config, json };
        command.SetAction(async (result, stop) =>
        {
            var checks = await CheckAsync(Options.Load(result.GetValue(config)), stop);
            if (result.GetValue(json))
            {
                Terminal.Say(JsonSerializer.Serialize(checks, CommandJson.Options));
            }
            else
            {
                foreach (var check in checks)
                {
                    Terminal.Say($"{(check.Well ? "ok      " : check.Name.StartsWith(Attempt, StringComparison.Ordinal) ? "OUT     " : "MISSING ")}{check.Name}: {check.Found}");
                    if (check.Mend is { } mend)
                    {
                        Terminal.Say($"          {mend}");
                    }
                }
            }

            return checks.All(check => check.Well) ? ExitCode.Yes : ExitCode.No;
        });
        return command;
    }

    private static async Task<IReadOnlyList<Check>> CheckAsync(Settings.Settings settings, CancellationToken stop)
    {
        var state = State(settings.StateFolder);
        return
        [
            new("mode", true, "same user, not enforced: approvals and guards bind these tools, not the user's own shell", null),
            Configuration(settings),
            state,
            .. Store(settings),
            Frozen(settings.StateFolder),
            .. state.Well ? Operations(settings) : [],
            .. settings.Repositories.Select(Repository),
            Engine(settings),
            .. settings.Credentials.Select(credential => new Check($"credential of {credential.Owner}", true, credential.Told, null)),
            .. state.Well ? await SandboxAsync(settings, stop) : [new("sandbox", false, "not tried: what it must not reach is planted in the state folder", null)],
        ];
    }

    private static Check Configuration(Settings.Settings settings) => settings.File is { } file
        ? new("configuration", true, $"{file}: {settings.Sources.Count} sources, {settings.Repositories.Count} repositories", null)
        : new("configuration", true, $"none; from this folder: {settings.Sources.Count} sources, {settings.Repositories.Count} repositories", null);

    private static Check State(string folder)
    {
        try
        {
            StateFolder.Ensure(folder);
            var probe = Path.Combine(folder, $"probe-{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return new("state folder", true, folder, null);
        }
        catch (Exception exception) when (exception is SettingsException or IOException or UnauthorizedAccessException)
        {
            return new("state folder", false, $"{folder} cannot be written", $"chown \"$USER\" '{folder}' && chmod 700 '{folder}', or name another one in MCP_INFRA_HOME");
        }
    }

    private static IEnumerable<Check> Store(Settings.Settings settings)
    {
        if (settings.Postgres is null)
        {
            yield break;
        }

        var fault = (string?)null;
        try
        {
            StateDatabase.Open(settings);
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            fault = exception.Message;
        }

        yield return new("store", fault is null, fault is null ? "PostgreSQL, with every table" : "PostgreSQL cannot be used", fault);
    }

    private static Check Frozen(string folder) => Directory.Exists(folder) && new Freeze(folder) is { IsFrozen: true } freeze
        ? new("freeze", false, $"every server on this state refuses every call{(freeze.Reason is { Length: > 0 } reason ? $": {Printable.Line(reason)}" : "")}", "mcp-infra thaw")
        : new("freeze", true, "none", null);

    // A state that no server has used yet has nothing to compare with, and none is made for the question.
    private static IEnumerable<Check> Operations(Settings.Settings settings)
    {
        if (settings.Postgres is null && File.Exists(StateDatabase.FileOf(settings)))
        {
            var changes = new Pins(StateDatabase.Open(settings), settings.Organization).Changes(OwnPins.Server);
            yield return new("operations", changes.Count == 0, changes.Count == 0 ? "models are told what was accepted" : $"models are told otherwise than was accepted ({string.Join(", ", changes)})", changes.Count == 0 ? null : "mcp-infra pins show, then mcp-infra pins accept");
        }
    }

    private static Check Repository(RepositorySettings settings)
    {
        try
        {
            var repository = new Repositories([settings], "doctor", Path.GetTempPath(), TimeProvider.System).Find(settings.Name)!;
            return new($"repository {settings.Name}", true, $"{settings.Url}, {settings.Stacks.Count} stacks, branch {repository.DefaultBranch}", null);
        }
        catch (RepositoryException exception)
        {
            return new($"repository {settings.Name}", false, settings.Url, exception.Message);
        }
    }

    private static Check Engine(Settings.Settings settings)
    {
        try
        {
            return new("terraform", true, TerraformProgram.Find(settings.Terraform).Path, null);
        }
        catch (EngineException exception)
        {
            return new("terraform", false, "plans are refused", exception.Message);
        }
    }

    // The sandbox is proven where it will be used, not believed.
    private static async Task<IReadOnlyList<Check>> SandboxAsync(Settings.Settings settings, CancellationToken stop)
    {
        var sandbox = Sandboxes.Of(settings.Sandbox, settings.Container);
        var readiness = await sandbox.ProbeAsync(stop);
        if (!readiness.Ready)
        {
            return [new("sandbox", false, "plans are refused", readiness.Remedy)];
        }

        var kind = settings.Sandbox.ToString().ToLowerInvariant();
        if (settings.Sandbox is SandboxKind.None)
        {
            return [new("sandbox", true, "none: plans run with the server's rights, so there is nothing to break out of", null)];
        }

        try
        {
            var tried = await new Breakout(sandbox, settings.StateFolder).RunAsync(stop);
            return
            [
                new("sandbox", tried.All(attempt => attempt.Held), $"{kind}, {tried.Count(attempt => attempt.Held)} of {tried.Count} attempts to break out of it held", null),
                .. tried.Select(attempt => new Check(Attempt + attempt.Name, attempt.Held, attempt.Held ? "held" : attempt.Note, attempt.Held ? null : "plan nothing here until it holds: update bubblewrap and the kernel, or set another `sandbox` in mcp-infra.yaml")),
            ];
        }
        catch (SandboxException exception)
        {
            return [new("sandbox", false, kind, exception.Message)];
        }
    }
}
