using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Queries;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Resources;

/// <summary>Follows relations: what a change would break, what something rests on, how two things hang together.</summary>
public sealed class TraceResources(Graphs graphs) : ITool<TraceResources.Args>
{
    private const int UsualDepth = 3;
    private const int MostDepth = 6;

    /// <summary>The arguments.</summary>
    public sealed record Args(
        [MaxLength(Lines.LongestId)] [Description("id, unique name or code address")] string Resource,
        TraceDirection? Direction = null,
        [MaxLength(Lines.LongestId)] [Description("for a path: the other end")] string? To = null,
        [Range(1, MostDepth)] int? Depth = null,
        [Description("show only these resource types; or follow only these relations (SECURED_BY)")] IReadOnlyList<string>? Types = null,
        string? Cursor = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new("trace_resources", Tier.Observe,
        "What breaks if a resource changes (impact, the default), what it depends on, or the path between two.");

    /// <inheritdoc/>
    public ValueTask<Resolution> TargetsAsync(Args args, Caller caller, CancellationToken stop) => Meant.TargetsAsync(graphs, caller, [args.Resource, args.To], stop);

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        var graph = await graphs.OpenAsync(call.Caller.Organization, stop);
        var start = graph.Resolve(args.Resource);
        if (start.Found is null)
        {
            return Meant.NotFound(start, "resource");
        }

        var end = args.To is null ? null : graph.Resolve(args.To);
        if (end is { Found: null })
        {
            return Meant.NotFound(end, "to");
        }

        var relations = args.Types?.Select(Vocabulary.Find).OfType<RelationType>().ToHashSet();
        var types = args.Types?.Where(type => Vocabulary.Find(type) is null).SelectMany(type => new[] { type, TerraformTypes.ProviderType(type) }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var walk = new Walk(graph, start.Found, relations is { Count: > 0 } ? relations : null, types is { Count: > 0 } ? types : null);
        return end?.Found is { } other
            ? walk.Path(other, args.Direction ?? TraceDirection.Both, args.Depth ?? MostDepth, call)
            : Around(walk, args, call);
    }

    private static Answer Around(Walk walk, Args args, Call call)
    {
        var (direction, depth) = (args.Direction ?? TraceDirection.Impact, args.Depth ?? UsualDepth);
        var identity = $"trace {call.Caller.Organization} {walk.Start.Id} {direction} {depth} {string.Join(' ', args.Types ?? [])}";
        try
        {
            return walk.Around(direction, depth, identity, args.Cursor is null ? 0 : Graph.Queries.Cursor.Read(identity, args.Cursor), call);
        }
        catch (CursorException wrong)
        {
            return Answer.Fault(wrong.Message);
        }
    }

    private sealed class Walk(ResourceGraph graph, ResourceRow start, HashSet<RelationType>? relations, HashSet<string>? types)
    {
        private const int MostShown = 200;
        private const int MostTypes = 12;
        private const string Columns = "distance | name | type | environment | relation (→ from the one before, ← to it) | the one before | id";

        public ResourceRow Start => start;

        public Answer Around(TraceDirection direction, int depth, string identity, long offset, Call call)
        {
            var trace = graph.Trace(start, new TraceQuery(direction, depth) { Relations = relations, Types = types, Offset = offset, Limit = MostShown });
            var (parts, cutAt) = Paged.Of([new Section($"Columns: {Columns}", "related resources", [.. trace.Steps.Select(Line)])], 0);
            var shown = trace.Steps.Take((int)(cutAt ?? trace.Steps.Count)).ToList();
            var cursor = offset + shown.Count < trace.Total && shown.Count > 0 ? Graph.Queries.Cursor.Write(identity, offset + shown.Count) : null;
            parts.Insert(0, new Part(Trust.Own, Heading(direction, depth, trace)));
            if (cursor is not null && offset == 0)
            {
                AddTypes(parts, trace.ByType.Count > 0 ? trace.ByType : Counts(trace.Steps));
            }

            AddHubs(parts, trace);
            if (cursor is not null)
            {
                parts.Add(new Part(Trust.Own, $"{offset + shown.Count} of {trace.Total} shown. More: the same call with cursor `{cursor}`."));
            }

            return new Answer(parts) { Structured = call.Structured ? Structured(shown, trace, cursor) : null };
        }

        public Answer Path(ResourceRow end, TraceDirection direction, int depth, Call call)
        {
            var path = start.Id == end.Id ? new TraceResult([]) : graph.Path(start, end, new TraceQuery(direction, depth) { Relations = relations });
            var freshness = FreshnessNote.Of(graph.Freshness());
            if (path is not { Steps.Count: > 0 })
            {
                var why = start.Id == end.Id ? "Both ends are one resource." : $"No path of at most {depth} relations{(path is null ? "" : " within the budget: part of the way was not followed")}.";
                return new Answer([new Part(Trust.Own, $"{why} {freshness}")]) { Structured = call.Structured ? Structured([], path ?? new TraceResult([]), null) : null };
            }

            return new Answer(
            [
                new Part(Trust.Own, $"**A path of {path.Steps.Count} relation{(path.Steps.Count == 1 ? "" : "s")}**, a shortest one. {freshness}\nColumns: {Columns}"),
                new Part(Trust.Tenant, string.Join('\n', path.Steps.Select(Line)), "related resources"),
            ])
            { Structured = call.Structured ? Structured(path.Steps, path, null) : null };
        }

        private string Heading(TraceDirection direction, int depth, TraceResult trace)
        {
            var what = direction switch { TraceDirection.Impact => "would feel a change of it", TraceDirection.DependsOn => trace.Total == 1 ? "is what it depends on" : "are what it depends on", _ => trace.Total == 1 ? "is related to it" : "are related to it" };
            var distances = string.Join(", ", trace.ByDistance.Select((count, at) => (count, at)).Where(level => level.count > 0).Select(level => $"{level.count} at distance {level.at + 1}"));
            var cut = trace.Cut ? " **Cut**: there are more within this depth; ask for less depth or fewer types." : "";
            return trace.Total == 0
                ? $"Nothing {(types is null && relations is null ? "" : "of these types ")}{(direction is TraceDirection.Impact ? "is known to depend on it" : "is known")} within {depth} relations.{cut}{Others(direction, depth)} {FreshnessNote.Of(graph.Freshness())}"
                : $"**{trace.Total} resource{(trace.Total == 1 ? "" : "s")}** {what} within {depth} relations: {distances}.{cut} {FreshnessNote.Of(graph.Freshness())}";
        }

        /// <summary>What there would be without the types that were asked for.</summary>
        private string Others(TraceDirection direction, int depth) => types is null && relations is null || graph.Trace(start, direction, depth).Total is not (> 0 and var all)
            ? "" : $" Without `types` there {(all == 1 ? "is 1" : $"are {all}")}.";

        private static List<ValueCount> Counts(IReadOnlyList<TraceStep> steps) =>
            [.. steps.CountBy(step => step.Resource.Type).OrderByDescending(type => type.Value).ThenBy(type => type.Key, StringComparer.Ordinal).Select(type => new ValueCount(type.Key, type.Value))];

        private static void AddTypes(List<Part> parts, IReadOnlyList<ValueCount> types)
        {
            var left = types.Count > MostTypes ? $" | {types.Count - MostTypes} more types" : "";
            parts.Insert(1, new Part(Trust.Own, "By type:"));
            parts.Insert(2, new Part(Trust.Tenant, string.Join(" | ", types.Take(MostTypes).Select(type => $"{type.Count} {Lines.Cell(type.Value!)}")) + left, "counts by type"));
        }

        private static void AddHubs(List<Part> parts, TraceResult trace)
        {
            if (trace.Hubs.Count > 0)
            {
                parts.Add(new Part(Trust.Own, $"Not followed further, for {(trace.Hubs.Count == 1 ? "it has" : "they have")} over 1,000 relations (trace from {(trace.Hubs.Count == 1 ? "it" : "one of them")} to follow):"));
                parts.Add(new Part(Trust.Tenant, string.Join('\n', trace.Hubs.Take(5).Select(Hub)), "related resources"));
            }
        }

        private static string Hub(HubReached hub) =>
            $"{Lines.Cell(hub.Resource.Name)} | {Lines.Cell(hub.Resource.Type)} | {string.Join(", ", hub.Relations.Select(relation => $"{relation.Count} {Vocabulary.Name(relation.Type)}"))} | {Lines.Id(hub.Resource.Id)}";

        private static string Line(TraceStep step) =>
            $"{step.Distance} | {Lines.Cell(step.Resource.Name)} | {Lines.Cell(step.Resource.Type)} | {Lines.Cell(step.Resource.Environment ?? "-")} | {(step.Forward ? "→" : "←")} {Vocabulary.Name(step.Relation)} | {Lines.Cell(step.From.Name)} | {Lines.Id(step.Resource.Id)}";

        private JsonObject Structured(IEnumerable<TraceStep> steps, TraceResult trace, string? cursor) => new()
        {
            ["start"] = Structure.Of(start),
            ["steps"] = new JsonArray([.. steps.Select(step => (JsonNode)new JsonObject
            {
                ["distance"] = step.Distance, ["relation"] = Vocabulary.Name(step.Relation), ["forward"] = step.Forward, ["from"] = step.From.Id, ["resource"] = Structure.Of(step.Resource),
            })]),
            ["hubs"] = new JsonArray([.. trace.Hubs.Select(hub => (JsonNode)hub.Resource.Id)]),
            ["cut"] = trace.Cut,
            ["total"] = trace.Total,
            ["cursor"] = cursor,
        };
    }
}
