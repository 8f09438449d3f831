using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Scan;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Spotlight;
using McpInfra.Host.Composition;
using McpInfra.Storage;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Plans.State.Backends;
using Spectre.Console;

namespace McpInfra.Host.Commands;

/// <summary>`scan`: collects into the graph, with progress.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        var source = new Option<string[]>("--source") { Description = "Only this source; may be given more than once", HelpName = "NAME" };
        var config = Options.Config();
        var json = Options.Json();
        var release = new Option<bool>("--release") { Description = "Let go also of what a scan held back because most of a scope had vanished" };
        var command = new Command("scan", "Collect every source into the graph") { source, config, release, json };
        command.SetAction((result, stop) => RunAsync(result.GetValue(source) ?? [], result.GetValue(config), result.GetValue(release), result.GetValue(json), stop));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> names, string? config, bool release, bool json, CancellationToken stop)
    {
        var settings = Options.Load(config);
        var unknown = names.Except(settings.AllSources.Select(source => source.Name)).ToList();
        if (unknown.Count > 0)
        {
            Terminal.Complain($"mcp-infra: there is no source called {string.Join(", ", unknown)}. Sources: {string.Join(", ", settings.AllSources.Select(source => source.Name))}");
            return ExitCode.WrongUse;
        }

        var sources = names.Count == 0 ? settings.AllSources : [.. settings.AllSources.Where(source => names.Contains(source.Name))];
        if (sources.Count == 0)
        {
            Terminal.Complain("mcp-infra: there is nothing to scan: no terraform.tfstate and no *.sarif lies in this repository. Name sources in mcp-infra.yaml.");
            return ExitCode.WrongUse;
        }

        // Keys are issued, and what was held back is let go, only after the trail has recorded it.
        await using var trail = release || sources.Any(source => !source.IsFiles) ? AuditTrail.Open(settings.StateFolder, TimeProvider.System, new AuditSettings(settings.DurableAudit)) : null;
        using var http = new StateHttp(null, TimeProvider.System);
        var estate = EstateGraph.Open(settings, TimeProvider.System, trail is null ? null : Keys(settings, trail), trail is null ? null : repositories => Stacks(repositories, settings, trail, http), trail is null ? null : Folders(settings, trail, http));
        if (names.Count == 0)
        {
            await estate.Scanner.ForgetAllButAsync(settings.Organization, [.. sources.Select(one => one.Name)], stop);
        }

        if (release)
        {
            await trail!.EventAsync(Released(settings, "release asked", new JsonObject { ["sources"] = new JsonArray([.. sources.Select(one => (JsonNode)one.Name)]) }), stop);
        }

        var scanned = await ShowAsync(estate, settings.Organization, sources, release, json, stop);
        if (release)
        {
            await trail!.EventAsync(Released(settings, "released", new JsonObject(scanned.Sources.Select(one => KeyValuePair.Create(one.Source, (JsonNode?)new JsonObject { ["gone"] = one.Gone, ["failed"] = one.Failure is not null })))), stop);
        }

        Refresh(estate.Graphs.For(settings.Organization));
        Print(scanned, json);
        return scanned.Failed ? ExitCode.No : ExitCode.Yes;
    }

    /// <summary>Whoever asks next, in any process, finds the snapshot of what was scanned.</summary>
    private static void Refresh(ResourceGraph graph)
    {
        try
        {
            graph.Refresh();
        }
        catch (StoreUnavailableException)
        {
            // It is built by whoever asks when the store is back.
        }
    }

    private static AuditEntry Released(Settings.Settings settings, string what, JsonObject facts) => new()
    {
        Call = "scan_" + Guid.CreateVersion7().ToString("N"), Organization = settings.Organization, Person = Environment.UserName, Operation = what, Arguments = facts,
    };

    private static StackStates Stacks(Repositories repositories, Settings.Settings settings, AuditTrail trail, StateHttp http) => new(
        repositories, new StateReader(IssuedCredentials.Of(settings, trail, TimeProvider.System), StateReader.Backends(http, TimeProvider.System)),
        ScanKeys.Caller(settings.Organization, Environment.UserName, TimeProvider.System));

    private static SourceStates Folders(Settings.Settings settings, AuditTrail trail, StateHttp http) => new(
        settings.SourceBackends, [.. StateReader.Backends(http, TimeProvider.System).OfType<IStateFolder>()], IssuedCredentials.Of(settings, trail, TimeProvider.System),
        ScanKeys.Caller(settings.Organization, Environment.UserName, TimeProvider.System));

    private static ScanKeys Keys(Settings.Settings settings, AuditTrail trail) => new(
        IssuedCredentials.Of(settings, trail, TimeProvider.System), ScanKeys.Caller(settings.Organization, Environment.UserName, TimeProvider.System), settings.SourceCredentials);

    private static async Task<ScanResult> ShowAsync(EstateGraph estate, string organization, IReadOnlyList<SourceSettings> sources, bool release, bool json, CancellationToken stop)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (json || !console.Profile.Capabilities.Interactive)
        {
            return await estate.Scanner.ScanAsync(organization, sources, progress: null, release, stop);
        }

        return await console.Progress().Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }).AutoClear(true).StartAsync(async context =>
        {
            var tasks = sources.ToDictionary(source => source.Name, source => context.AddTask(Markup.Escape(source.Name)).IsIndeterminate());
            var progress = new InPlace(at =>
            {
                tasks[at.Source].Description = Markup.Escape(Printable.Line(string.Create(CultureInfo.InvariantCulture, $"{at.Source}  {at.Records} records  {at.Rate:0}/s  {at.Current}")));
                if (at.Ended)
                {
                    tasks[at.Source].StopTask();
                }
            });
            return await estate.Scanner.ScanAsync(organization, sources, progress, release, stop);
        });
    }

    private static void Print(ScanResult scanned, bool json)
    {
        if (json)
        {
            Terminal.SayJson(scanned);
            return;
        }

        foreach (var source in scanned.Sources)
        {
            Terminal.SayLine(source.Failure is { } failure
                ? $"{source.Source}: FAILED. {failure}"
                : source.Kind == "documents" ? $"{source.Source}: {source.Documents} documents"
                : source.Charges > 0 ? $"{source.Source}: {source.Charges} charges by resource, service and month"
                : $"{source.Source}: {source.Resources} resources, {source.Relations} relations, {source.Findings} findings; {source.Added} new, {source.Changed} changed, {source.Gone} gone");
            foreach (var failed in source.Failures)
            {
                Terminal.SayLine($"  {failed.Service}{(failed.Region is null ? "" : $" in {failed.Region}")} failed, what was known of {failed.Type} is kept as stale: {failed.Message}");
            }

            foreach (var held in source.Held)
            {
                Terminal.SayLine($"  held back, most of it vanished: {held}. If that is true: mcp-infra scan --source {source.Source} --release");
            }
        }

        foreach (var (repository, fault) in scanned.UnreadRepositories)
        {
            Terminal.SayLine($"code of {repository} could not be read, what was known by it stays: {fault}");
        }

        Terminal.SayLine(string.Create(CultureInfo.InvariantCulture, $"{scanned.Located} addresses found in code, {scanned.Unmanaged} resources that nothing manages, in {scanned.Took.TotalSeconds:0.0} s"));
    }

    // Progress<T> would hand each report to the thread pool, out of order.
    private sealed class InPlace(Action<ScanProgress> show) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => show(value);
    }
}
