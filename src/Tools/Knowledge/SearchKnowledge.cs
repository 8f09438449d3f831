using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Collectors.Documents;
using McpInfra.Graph.Queries;
using McpInfra.Guardrails;
using McpInfra.Tools.Resources;

namespace McpInfra.Tools.Knowledge;

/// <summary>Finds what people of the organisation wrote down.</summary>
public sealed class SearchKnowledge(Graphs graphs) : ITool<SearchKnowledge.Args>
{
    private const int MostHits = 10;
    private const string Columns = "kind | title › heading | repository: file:line @commit | owner, and below it the text";

    /// <summary>The arguments.</summary>
    public sealed record Args(
        [MinLength(1)] [MaxLength(500)] string Query,
        [Description("default: all")] IReadOnlyList<DocumentKind>? Kinds = null,
        string? Cursor = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new("search_knowledge", Tier.Observe,
        "Decision records, runbooks, READMEs, owners and catalogues of the registered repositories, by words.");

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        var graph = await graphs.OpenAsync(call.Caller.Organization, stop);
        var kinds = args.Kinds?.Distinct().Order().ToList() ?? [];
        var identity = $"knowledge {call.Caller.Organization} {args.Query} {string.Join(' ', kinds)}";
        try
        {
            var offset = args.Cursor is null ? 0 : Graph.Queries.Cursor.Read(identity, args.Cursor);
            var page = graph.Knowledge(new KnowledgeQuery(args.Query) { Kinds = kinds, Limit = MostHits, Offset = offset });
            var next = offset + page.Passages.Count;
            return Found(graph, page, next < page.Total && page.Passages.Count > 0 ? Graph.Queries.Cursor.Write(identity, next) : null, call);
        }
        catch (CursorException wrong)
        {
            return Answer.Fault(wrong.Message);
        }
    }

    private static Answer Found(ResourceGraph graph, KnowledgePage page, string? cursor, Call call)
    {
        var freshness = FreshnessNote.Of(graph.Freshness());
        var parts = new List<Part>();
        if (page.Total == 0)
        {
            parts.Add(new Part(Trust.Own, $"No document has these words. Try fewer or other words; read_repository searches code. {freshness}"));
        }
        else
        {
            var words = page.ByAnyWord ? " None has every word; these have some." : "";
            parts.Add(new Part(Trust.Own, $"**{page.Total} document{(page.Total == 1 ? "" : "s")}**{(page.Passages.Count < page.Total ? $", {page.Passages.Count} shown" : "")}, the best first.{words} {freshness}\nColumns: {Columns}"));
            parts.Add(new Part(Trust.Tenant, string.Join('\n', page.Passages.Select(Row)), "documents of repositories"));
            parts.Add(new Part(Trust.Own, cursor is null ? "Read on with read_repository, the path and lines." : $"More: the same call with cursor `{cursor}`."));
        }

        return new Answer(parts) { Structured = call.Structured ? Structured(page, cursor) : null };
    }

    private static string Row(FoundPassage found) =>
        $"{found.Kind.ToString().ToLowerInvariant()} | {Lines.Cell(Place(found))} | {Lines.Cell(found.Repository)}: {Lines.Cell(found.Path)}:{found.Line} @{Lines.Cell(found.Commit.Length > 10 ? found.Commit[..10] : found.Commit)} | {Lines.Cell(found.Owner ?? "-")}\n    {Flat(found.Snippet)}";

    private static string Place(FoundPassage found) =>
        found.Heading.Length == 0 || found.Heading == found.Title ? found.Title : found.Heading.StartsWith(found.Title, StringComparison.Ordinal) ? found.Heading : $"{found.Title} › {found.Heading}";

    private static string Flat(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static JsonObject Structured(KnowledgePage page, string? cursor) => new()
    {
        ["documents"] = new JsonArray([.. page.Passages.Select(found => (JsonNode)new JsonObject
        {
            ["kind"] = found.Kind.ToString().ToLowerInvariant(), ["title"] = found.Title, ["heading"] = found.Heading, ["repository"] = found.Repository, ["path"] = found.Path, ["line"] = found.Line,
            ["commit"] = found.Commit, ["owner"] = found.Owner, ["snippet"] = found.Snippet,
        })]),
        ["total"] = page.Total,
        ["cursor"] = cursor,
    };
}
