using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Resources;

/// <summary>Finds and counts resources of the graph.</summary>
public sealed class SearchResources(Graphs graphs, TimeProvider time) : ITool<SearchResources.Args>
{
    private const int MostBytes = 6500;
    private const string CountBy = "type, region, account, provider, environment, managed or tag:KEY";

    private static readonly string[] Countable = ["type", "region", "account", "provider", "environment", "managed"];

    /// <summary>The arguments.</summary>
    public sealed record Args(
        [Description("part of a name, id, address or tag")] string? Text = null,
        string? Provider = null,
        [Description("AWS::S3::Bucket or aws_s3_bucket")] string? Type = null,
        string? Account = null,
        string? Region = null,
        [Description("key or key=value")] string? Tag = null,
        string? Environment = null,
        [Description("by a state")] bool? Managed = null,
        [Description("has findings")] bool? Findings = null,
        [Description("ISO 8601 or 7d")] string? ChangedSince = null,
        [Description(CountBy)] string? CountBy = null,
        [Range(1, 100)] int Limit = 25,
        string? Cursor = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new("search_resources", Tier.Observe,
        "Find or count infrastructure resources across clouds, state and code. Start here.");

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        var since = args.ChangedSince is { } given ? Moment.Read(given, time.GetUtcNow()) : null;
        if (args.ChangedSince is not null && since is null)
        {
            return Answer.Fault($"changed_since must be {Moment.Forms}.");
        }

        if (args.CountBy is { } by && !Countable.Contains(by) && !(by.StartsWith("tag:", StringComparison.Ordinal) && by.Length > 4))
        {
            return Answer.Fault($"count_by must be {CountBy}.");
        }

        var graph = await graphs.OpenAsync(call.Caller.Organization, stop);
        var query = new SearchQuery
        {
            Text = args.Text, Provider = args.Provider, Type = args.Type, Account = args.Account, Region = args.Region, Tag = args.Tag, Environment = args.Environment,
            Managed = args.Managed, Findings = args.Findings, ChangedSince = since, Limit = args.Limit, Cursor = args.Cursor,
        };
        try
        {
            return args.CountBy is null ? Found(graph, query, call) : Counted(graph, query, args.CountBy, call);
        }
        catch (CursorException wrong)
        {
            return Answer.Fault(wrong.Message);
        }
    }

    private static Answer Found(ResourceGraph graph, SearchQuery query, Call call)
    {
        var page = graph.Search(query);
        var shown = Fitting(page.Resources);
        var cursor = shown.Count < page.Resources.Count ? page.CursorAfter(shown[^1]) : page.Cursor;
        var parts = new List<Part> { new(Trust.Own, Heading(graph, query, page, shown.Count)) };
        if (shown.Count > 0)
        {
            parts.Add(Meant.Rows(shown));
            parts.Add(new Part(Trust.Own, cursor is null ? "Go on with describe_resource or trace_resources and an id." : $"More: the same call with cursor `{cursor}`."));
        }

        return new Answer(parts)
        {
            Structured = call.Structured ? new JsonObject { ["resources"] = Structure.Of(shown), ["total"] = page.Total, ["cursor"] = cursor } : null,
        };
    }

    private static string Heading(ResourceGraph graph, SearchQuery query, SearchPage page, int shown)
    {
        var freshness = FreshnessNote.Of(graph.Freshness());
        var gone = page.Gone > 0 ? $" {page.Gone} more match but are gone." : "";
        if (page.Total == 0)
        {
            return $"No resource matches.{gone} {Mending(graph, query)} {freshness}";
        }

        var words = page.ByWords ? " None has the whole text; these have every word of it." : "";
        return $"**{page.Total} resource{(page.Total == 1 ? "" : "s")}**{(shown < page.Total ? $", {shown} shown" : "")}.{words}{gone} {freshness}\nColumns: {Lines.Columns}";
    }

    /// <summary>Which filter alone leaves nothing, with what lists its values; else that it is all of them together.</summary>
    private static string Mending(ResourceGraph graph, SearchQuery query)
    {
        var none = new SearchQuery { Limit = 1 };
        (string Name, SearchQuery? Alone, string CountBy)[] filters =
        [
            ("type", query.Type is { } type ? none with { Type = type } : null, "type"), ("account", query.Account is { } account ? none with { Account = account } : null, "account"),
            ("region", query.Region is { } region ? none with { Region = region } : null, "region"), ("provider", query.Provider is { } provider ? none with { Provider = provider } : null, "provider"),
            ("environment", query.Environment is { } environment ? none with { Environment = environment } : null, "environment"), ("tag", query.Tag is { } tag ? none with { Tag = tag } : null, "tag:KEY"),
        ];
        return filters.FirstOrDefault(filter => filter.Alone is { } alone && graph.Search(alone).Total == 0) is { Name: { } name, CountBy: var by }
            ? $"Nothing has that `{name}`; `count_by: {by}` lists what there is."
            : query.Text is { Length: > 0 } ? "Try fewer words or filters." : "Try fewer filters.";
    }

    /// <summary>As many rows as an answer holds, at least one.</summary>
    private static List<ResourceRow> Fitting(IReadOnlyList<ResourceRow> rows)
    {
        var bytes = 0;
        return [.. rows.TakeWhile((row, at) => (bytes += Lines.Bytes(Lines.Row(row))) <= MostBytes || at == 0)];
    }

    private static Answer Counted(ResourceGraph graph, SearchQuery query, string by, Call call)
    {
        var page = graph.Count(query, by);
        var parts = new List<Part> { new(Trust.Own, $"**{page.Total} resource{(page.Total == 1 ? "" : "s")}** by {(by.StartsWith("tag:", StringComparison.Ordinal) ? "tag" : by)}{(page.Counts.Count < page.Values ? $": {page.Values} values, {page.Counts.Count} shown" : "")}. {FreshnessNote.Of(graph.Freshness())}") };
        if (page.Counts.Count > 0)
        {
            parts.Add(new Part(Trust.Tenant, string.Join('\n', page.Counts.Select(count => $"{count.Count} | {Lines.Flat(count.Value ?? "(none)")}")), "counts by value"));
        }

        if (page.Cursor is not null)
        {
            parts.Add(new Part(Trust.Own, $"More: the same call with cursor `{page.Cursor}`."));
        }

        return new Answer(parts)
        {
            Structured = call.Structured
                ? new JsonObject { ["counts"] = new JsonArray([.. page.Counts.Select(count => (JsonNode)new JsonObject { ["value"] = count.Value, ["count"] = count.Count })]), ["total"] = page.Total, ["cursor"] = page.Cursor }
                : null,
        };
    }
}
