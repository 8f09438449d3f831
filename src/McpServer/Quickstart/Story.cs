using System.Text.Json;
using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;
using McpInfra.Host.Commands;

namespace McpInfra.Host.Quickstart;

/// <summary>The main job, step by step, as an engineer would see an agent do it.</summary>
internal sealed class Story(Estate estate, Screen screen)
{
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(5);

    /// <summary>Tells it whole; a step that this machine cannot do says what mends that, and the story goes on.</summary>
    public async Task TellAsync(CancellationToken stop)
    {
        screen.Say(estate.IsSample
            ? "A copy of the bundled estate, with a state folder of its own. Everything below happens for real; everything is gone at the end."
            : $"A copy of {Path.GetFileName(estate.Folder)}, with a state folder of its own. Nothing is written into yours.");

        screen.Step("Scan: state, code and findings become one graph");
        await CommandAsync(stop, "scan");

        string? resource;
        await using (var planner = await Agent.StartAsync("planner", estate, screen, stop))
        {
            resource = await LookAsync(planner, stop);
            screen.Step("What a planner may not do is refused");
            screen.Say($"Its tools: {string.Join(", ", await planner.ToolsAsync(stop))}");
            await planner.CallAsync("propose_change", new JsonObject { ["plan"] = "plan_of_nobody", ["title"] = "Encrypt it", ["reason"] = "A finding" }, stop);
        }

        await using (var remediator = await Agent.StartAsync("remediator", estate, screen, stop))
        {
            await ChangeAsync(remediator, resource, stop);
        }

        screen.Step("Every call is in the audit trail, and the trail verifies");
        await CommandAsync(stop, "audit", "show", "--last", "6");
        await CommandAsync(stop, "audit", "verify");
        screen.Say("");
        screen.Say("Connect your own client: mcp-infra connect claude-code (or claude-desktop, codex, vscode, cursor, gemini)");
    }

    private async Task<string?> LookAsync(Agent planner, CancellationToken stop)
    {
        screen.Step(estate.IsSample ? "Find the bucket that a finding names" : "Find what findings name, or what there is");
        var found = await planner.CallAsync("search_resources", estate.IsSample ? new() { ["text"] = "bucket", ["findings"] = true } : new() { ["findings"] = true, ["limit"] = 5 }, stop);
        var resource = First(found) ?? First(await planner.CallAsync("search_resources", new() { ["limit"] = 5 }, stop));
        if (resource is null)
        {
            screen.Say("The graph is empty: no Terraform state lies in this repository. Add a source to mcp-infra.yaml.");
            return null;
        }

        screen.Step("See its code, its owner and its findings");
        await planner.CallAsync("describe_resource", new() { ["resource"] = resource, ["sections"] = new JsonArray("summary", "code", "owner", "findings") }, stop);
        screen.Step("See what a change of it would touch");
        await planner.CallAsync("trace_resources", new() { ["resource"] = resource, ["direction"] = "impact" }, stop);
        return resource;
    }

    private async Task ChangeAsync(Agent remediator, string? resource, CancellationToken stop)
    {
        screen.Step("Plan the change with the real terraform, in a sandbox");
        if (Edit() is not { } edit)
        {
            screen.Say("There is no Terraform stack in this repository, so there is nothing to plan.");
            return;
        }

        var planned = await remediator.CallAsync("plan_change", new() { ["repository"] = Path.GetFileName(estate.Folder), ["stack"] = edit.Stack, ["edits"] = new JsonArray(edit.Change) }, stop);
        while (!planned.IsError && Text(planned, "status") == "running")
        {
            planned = await remediator.CallAsync("plan_change", new() { ["repository"] = Path.GetFileName(estate.Folder), ["stack"] = edit.Stack, ["edits"] = new JsonArray(edit.Change.DeepClone()) }, stop);
        }

        if (planned.IsError || Text(planned, "plan") is not { } plan)
        {
            screen.Say("No plan, so nothing to propose. What mends it stands above; `mcp-infra doctor` checks this machine.");
            return;
        }

        screen.Step("Open a pull request from exactly that plan");
        JsonObject Proposal() => new() { ["plan"] = plan, ["title"] = edit.Title, ["reason"] = $"{edit.Reason} Resource: {resource ?? "none"}." };
        var proposed = await remediator.CallAsync("propose_change", Proposal(), stop);
        if (proposed.Denied?["approval"]?.GetValue<string>() is { } approval)
        {
            screen.Say("A change to production wants a person. You are that person here, on your own command line:");
            await CommandAsync(stop, "approvals", "approve", approval);
            await remediator.CallAsync("propose_change", Proposal(), stop);
        }
    }

    private (string Stack, JsonObject Change, string Title, string Reason)? Edit()
    {
        if (estate.IsSample)
        {
            return ("infra/prod", new JsonObject
            {
                ["path"] = "infra/prod/main.tf",
                ["find"] = "kms_key_id = null",
                ["replace"] = "kms_key_id = terraform_data.records_key.id",
            }, "Encrypt customer records with the records key", "The finding bucket-unencrypted names this bucket.");
        }

        var stack = Settings.FolderSettings.Of(estate.Folder).Repositories[0].Stacks is [var first, ..] ? first : null;
        if (stack is null)
        {
            return null;
        }

        var file = Directory.EnumerateFiles(Path.Combine(estate.Folder, stack.Path), "*.tf").Order(StringComparer.Ordinal).First();
        return (stack.Path, new JsonObject
        {
            ["path"] = Path.GetRelativePath(estate.Folder, file).Replace('\\', '/'),
            ["content"] = File.ReadAllText(file).TrimEnd() + "\n\n# A comment that changes nothing, to show the way of a change.\n",
        }, "Show the way of a change", "A comment that changes nothing.");
    }

    private async Task CommandAsync(CancellationToken stop, params string[] arguments)
    {
        screen.Call("you", "mcp-infra " + string.Join(' ', arguments));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(CommandDeadline);
        var command = Ourselves.Command;
        var result = await Cli.Wrap(command[0])
            .WithArguments([.. command.Skip(1), .. arguments])
            .WithWorkingDirectory(estate.Folder)
            .WithEnvironmentVariables(estate.Environment.ToDictionary(pair => pair.Key, pair => (string?)pair.Value))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(deadline.Token);
        screen.Answer(result.StandardOutput + result.StandardError, refused: result.ExitCode != 0);
    }

    private static string? First(Agent.Reply reply) =>
        reply.Structured is { } found && found.TryGetProperty("resources", out var resources) && resources.GetArrayLength() > 0 ? resources[0].GetProperty("id").GetString() : null;

    private static string? Text(Agent.Reply reply, string key) =>
        reply.Structured is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty(key, out var value) ? value.GetString() : null;
}
