using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Guardrails;
using McpInfra.Tools.Resources;

namespace McpInfra.Tools.Knowledge;

/// <summary>Finds what scanners found.</summary>
public sealed class SearchFindings(Graphs graphs) : ITool<SearchFindings.Args>
{
    private const int MostBytes = 6500;

    /// <summary>The arguments.</summary>
    public sealed record Args(
        [Description("part of a rule, message, scanner or file")] string? Text = null,
        FindingSeverity? Severity = null,
        [Description("open unless set")] FindingState Status = FindingState.Open,
        [Description("part of its name: CIS, PCI")] string? Framework = null,
        [MaxLength(Lines.LongestId)] [Description("id, unique name or code address")] string? Resource = null,
        [Range(1, 100)] int Limit = 25,
        string? Cursor = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new("search_findings", Tier.Observe,
        "Security findings of all scanners, joined where they say the same of one resource.");

    /// <inheritdoc/>
    public ValueTask<Resolution> TargetsAsync(Args args, Caller caller, CancellationToken stop) =>
        args.Resource is null ? new(Resolution.None) : Meant.TargetsAsync(graphs, caller, [args.Resource], stop);

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        var graph = await graphs.OpenAsync(call.Caller.Organization, stop);
        var resolved = args.Resource is null ? null : graph.Resolve(args.Resource);
        if (resolved is { Found: null })
        {
            return Meant.NotFound(resolved, "resource");
        }

        var query = new FindingQuery
        {
            Text = args.Text, Severity = args.Severity?.ToString().ToLowerInvariant(), Framework = args.Framework, Resource = resolved?.Found, Limit = args.Limit,
            Status = args.Status is FindingState.All ? null : (FindingStatus)args.Status,
        };
        var identity = $"findings {call.Caller.Organization} {args with { Limit = 0, Cursor = null }} {resolved?.Found?.Id}";
        try
        {
            return Found(graph, query with { Offset = args.Cursor is null ? 0 : Graph.Queries.Cursor.Read(identity, args.Cursor) }, identity, args, call);
        }
        catch (CursorException wrong)
        {
            return Answer.Fault(wrong.Message);
        }
    }

    private static Answer Found(ResourceGraph graph, FindingQuery query, string identity, Args args, Call call)
    {
        var page = graph.Findings(query);
        var shown = Fitting(page.Findings);
        var next = query.Offset + shown.Count;
        var cursor = next < page.Total && shown.Count > 0 ? Graph.Queries.Cursor.Write(identity, next) : null;
        var parts = new List<Part> { new(Trust.Own, Heading(graph, page, args, shown.Count)) };
        if (shown.Count > 0)
        {
            parts.Add(new Part(Trust.Tenant, string.Join('\n', shown.Select(FindingText.Row)), "findings of scanners"));
            parts.Add(new Part(Trust.Own, cursor is null ? "Go on with describe_resource and an id." : $"More: the same call with cursor `{cursor}`."));
        }

        return new Answer(parts)
        {
            Structured = call.Structured ? new JsonObject { ["findings"] = FindingText.Structured(shown), ["total"] = page.Total, ["cursor"] = cursor } : null,
        };
    }

    private static string Heading(ResourceGraph graph, FindingPage page, Args args, int shown)
    {
        var freshness = FreshnessNote.Of(graph.Freshness());
        var others = page.Others > 0 ? $" {page.Others} more match with another status; `status: all` shows them." : "";
        var status = args.Status is FindingState.All ? "" : args.Status.ToString().ToLowerInvariant() + " ";
        return page.Total == 0
            ? $"No {status}finding matches.{others} {freshness}"
            : $"**{page.Total} {status}finding{(page.Total == 1 ? "" : "s")}**{(shown < page.Total ? $", {shown} shown" : "")}, the most severe first.{others} {freshness}\nColumns: {FindingText.Columns}";
    }

    private static List<JoinedFinding> Fitting(IReadOnlyList<JoinedFinding> findings)
    {
        var bytes = 0;
        return [.. findings.TakeWhile((finding, at) => (bytes += Lines.Bytes(FindingText.Row(finding))) <= MostBytes || at == 0)];
    }
}

/// <summary>How grave a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>To be mended at once.</summary>
    Critical,

    /// <summary>To be mended soon.</summary>
    High,

    /// <summary>To be mended.</summary>
    Medium,

    /// <summary>Perhaps to be mended.</summary>
    Low,

    /// <summary>Good to know.</summary>
    Info,
}

/// <summary>Which findings are wanted by status; the first three are those of <see cref="FindingStatus"/>.</summary>
public enum FindingState
{
    /// <summary>Open.</summary>
    Open = FindingStatus.Open,

    /// <summary>Suppressed.</summary>
    Suppressed = FindingStatus.Suppressed,

    /// <summary>Resolved.</summary>
    Resolved = FindingStatus.Resolved,

    /// <summary>Any.</summary>
    All,
}
