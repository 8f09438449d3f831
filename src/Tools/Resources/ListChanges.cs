using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Resources;

/// <summary>Tells what appeared, changed and went between scans.</summary>
public sealed class ListChanges(Graphs graphs, TimeProvider time) : ITool<ListChanges.Args>
{
    private const int MostBytes = 6500;
    private const string Columns = "time | what | type | name | account/region | id | fields";

    /// <summary>The arguments.</summary>
    public sealed record Args(
        [Description("ISO 8601 or 7d; default 7d")] string? Since = null,
        [Description("default: now")] string? Until = null,
        string? Type = null,
        string? Account = null,
        string? Cursor = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new("list_changes", Tier.Observe,
        "What appeared, changed (which fields) and went between scans; relations too. Latest first.");

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var since = Moment.Read(args.Since ?? "7d", now);
        var until = args.Until is null ? now + TimeSpan.FromMilliseconds(1) : Moment.Read(args.Until, now);
        if (since is null || until is null || since >= until)
        {
            return Answer.Fault(since is null ? $"since must be {Moment.Forms}." : until is null ? $"until must be {Moment.Forms}." : args.Until is null ? "since must be in the past." : "since must be before until.");
        }

        var graph = await graphs.OpenAsync(call.Caller.Organization, stop);
        var identity = $"changes {call.Caller.Organization} {args with { Cursor = null }}";
        try
        {
            var place = args.Cursor is null ? 0 : Graph.Queries.Cursor.Read(identity, args.Cursor);
            return Told(graph, graph.Changes(new ChangeQuery(since.Value, until.Value) { Type = args.Type, Account = args.Account, Place = place }), since.Value, identity, call);
        }
        catch (CursorException wrong)
        {
            return Answer.Fault(wrong.Message);
        }
    }

    private static Answer Told(ResourceGraph graph, ChangePage page, DateTimeOffset since, string identity, Call call)
    {
        var shown = Fitting(page.Changes);
        var goesOn = shown.Count > 0 && (shown.Count < page.Changes.Count || page.Changes.Count == new ChangeQuery(since, since).Limit) && shown[^1].PlaceAfter > 0;
        var cursor = goesOn ? Graph.Queries.Cursor.Write(identity, shown[^1].PlaceAfter) : null;
        var parts = new List<Part> { new(Trust.Own, Heading(graph, page, since, shown.Count)) };
        if (shown.Count > 0)
        {
            parts.Add(new Part(Trust.Tenant, string.Join('\n', shown.SelectMany(Text)), "changes between scans"));
            parts.Add(new Part(Trust.Own, cursor is null ? "Go on with describe_resource, an id and `at` for what it was." : $"More: the same call with cursor `{cursor}`."));
        }

        return new Answer(parts)
        {
            Structured = call.Structured ? new JsonObject { ["changes"] = new JsonArray([.. shown.Select(Structured)]), ["total"] = page.Total, ["cursor"] = cursor } : null,
        };
    }

    private static string Heading(ResourceGraph graph, ChangePage page, DateTimeOffset since, int shown)
    {
        var freshness = FreshnessNote.Of(graph.Freshness());
        return page.Total == 0
            ? $"No change was seen since {Minute(since)}. {freshness}"
            : $"**{page.Appeared} appeared, {page.Changed} changed, {page.Gone} gone, {page.Relations} relations** since {Minute(since)}{(shown < page.Total ? $"; {shown} shown" : "")}. A change has the time of the scan that saw it.{(page is { IsFromTheStart: true, Appeared: > 0 } ? " Nothing was seen before: all that a first scan saw counts as appeared." : "")} {freshness}\nColumns: {Columns}";
    }

    /// <summary>As many as an answer holds, at least one.</summary>
    private static List<Change> Fitting(IReadOnlyList<Change> changes)
    {
        var bytes = 0;
        return [.. changes.TakeWhile((change, at) => (bytes += Text(change).Sum(Lines.Bytes)) <= MostBytes || at == 0)];
    }

    // Each value stands behind its own name, so that what redacts by names sees both.
    private static IEnumerable<string> Text(Change change)
    {
        if (change is { Relation: { } relation, Other: { } other })
        {
            yield return $"{Minute(change.Time)} | relation {change.What} | {Lines.Cell(change.Resource.Name)} ({Lines.Id(change.Resource.Id)}) {Vocabulary.Name(relation)} {Lines.Cell(other.Name)} ({Lines.Id(other.Id)})";
            yield break;
        }

        var row = change.Resource;
        yield return $"{Minute(change.Time)} | {change.What} | {Lines.Cell(row.Type)} | {Lines.Cell(row.Name)} | {Lines.Place(row)} | {Lines.Id(row.Id)} | {Lines.Cell(string.Join(", ", change.Fields))}";
        foreach (var value in change.Values)
        {
            yield return $"  was {Lines.Flat(value.Field)}: {Short(value.Was)}";
            yield return $"  now {Lines.Flat(value.Field)}: {Short(value.Is)}";
        }
    }

    private static JsonNode Structured(Change change) => new JsonObject
    {
        ["time"] = change.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["what"] = change.What,
        ["resource"] = Structure.Of(change.Resource),
        ["fields"] = new JsonArray([.. change.Fields.Select(field => (JsonNode)field)]),
        ["relation"] = change.Relation is { } relation ? Vocabulary.Name(relation) : null,
        ["other"] = change.Other is { } other ? Structure.Of(other) : null,
    };

    private static string Short(string? value) => value is null ? "(not set)" : Lines.Flat(value, 120);

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + "Z";
}
