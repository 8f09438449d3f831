using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Guardrails;

namespace McpInfra.Tools.Resources;

/// <summary>Tells everything known of one resource.</summary>
public sealed class DescribeResource(Graphs graphs, TimeProvider time) : ITool<DescribeResource.Args>
{
    private static readonly ResourceSection[] OfNowOnly = [ResourceSection.Code, ResourceSection.Drift];

    /// <summary>The arguments.</summary>
    public sealed record Args(
        [MaxLength(Lines.LongestId)] [Description("id, unique name or code address")] string Resource,
        [Description("default: all")] IReadOnlyList<ResourceSection>? Sections = null,
        [Description("as of then: ISO 8601 or 7d")] string? At = null,
        string? Cursor = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new("describe_resource", Tier.Observe,
        "One resource: facts, tags, relations, code (file and line), drift from state, findings, costs, owner.");

    /// <inheritdoc/>
    public ValueTask<Resolution> TargetsAsync(Args args, Caller caller, CancellationToken stop) => Meant.TargetsAsync(graphs, caller, [args.Resource], stop);

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        var at = args.At is { } given ? Moment.Read(given, time.GetUtcNow()) : null;
        if (args.At is not null && at is null)
        {
            return Answer.Fault($"at must be {Moment.Forms}.");
        }

        var graph = await graphs.OpenAsync(call.Caller.Organization, stop);
        var resolved = graph.Resolve(args.Resource);
        if (resolved.Found is not { } row)
        {
            return Meant.NotFound(resolved, "resource");
        }

        if (graph.Describe(row, at) is not { } details)
        {
            return Answer.Fault($"The resource was not there at that time. First seen {Day(row.FirstSeen)}{(row.GoneAt is { } gone ? $", gone since {Day(gone)}" : "")}.");
        }

        var sections = Wanted(args, at);
        var identity = $"describe {call.Caller.Organization} {row.Id} {string.Join(' ', sections)} {args.At}";
        try
        {
            return args.Cursor is null && args.Sections is not { Count: > 0 }
                ? Outlined(details, sections, at, identity, graph, call)
                : Told(details, sections, at, identity, args.Cursor is null ? 0 : Graph.Queries.Cursor.Read(identity, args.Cursor), graph, call);
        }
        catch (CursorException wrong)
        {
            return Answer.Fault(wrong.Message);
        }
    }

    private static List<ResourceSection> Wanted(Args args, DateTimeOffset? at)
    {
        var wanted = args.Sections is { Count: > 0 } asked ? asked.Distinct().Order() : Enum.GetValues<ResourceSection>().AsEnumerable();
        return [.. wanted.Where(section => at is null || !OfNowOnly.Contains(section))];
    }

    /// <summary>Every layer in one answer; a cursor leads through all that it leaves out.</summary>
    private static Answer Outlined(ResourceDetails details, List<ResourceSection> sections, DateTimeOffset? at, string identity, ResourceGraph graph, Call call)
    {
        var (parts, isCut, unknown) = Overview.Of(sections, details);
        var cursor = isCut ? Graph.Queries.Cursor.Write(identity, 0) : null;
        parts.Insert(0, new Part(Trust.Own, Heading(details, at, graph)));
        if (unknown.Length > 0)
        {
            parts.Add(new Part(Trust.Own, $"Nothing is known of its {unknown}."));
        }

        if (cursor is not null)
        {
            parts.Add(new Part(Trust.Own, $"Everything, page by page: the same call with cursor `{cursor}`."));
        }

        return new Answer(parts) { Structured = call.Structured ? ResourceStructure.Of(details, sections, cursor) : null };
    }

    private static Answer Told(ResourceDetails details, List<ResourceSection> sections, DateTimeOffset? at, string identity, long offset, ResourceGraph graph, Call call)
    {
        var told = sections.Select(section => ResourceText.Of(section, details, new Width(whole: true))).ToList();
        var (parts, next) = Paged.Of(told, offset);
        var cursor = next is { } place ? Graph.Queries.Cursor.Write(identity, place) : null;
        parts.Insert(0, new Part(Trust.Own, Heading(details, at, graph)));
        if (next is null && Empty(sections, told) is { Length: > 0 } empty)
        {
            parts.Add(new Part(Trust.Own, $"Nothing is known of its {empty}."));
        }

        if (cursor is not null)
        {
            parts.Add(new Part(Trust.Own, $"More: the same call with cursor `{cursor}`."));
        }

        return new Answer(parts) { Structured = call.Structured ? ResourceStructure.Of(details, sections, cursor) : null };
    }

    private static string Empty(List<ResourceSection> sections, List<Section> told) =>
        string.Join(", ", sections.Zip(told).Where(pair => pair.Second.Lines.Count == 0).Select(pair => pair.First.ToString().ToLowerInvariant()));

    private static string Heading(ResourceDetails details, DateTimeOffset? at, ResourceGraph graph)
    {
        var then = at is { } past ? $" As scans saw it by {Day(past)}. Not kept of the past: code, drift, owners by file or catalogue. Others are named, and findings linked, as now; costs are the months begun by then." : "";
        var gone = details.Row.GoneAt is { } time ? $" **Gone since {Day(time)}**{(details.Row.IsManaged ? ", yet a state still claims it: its code would make it anew" : "")}." : "";
        return $"**One resource.**{gone}{then} {FreshnessNote.Of(graph.Freshness())}";
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + "Z";
}
