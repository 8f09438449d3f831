using System.Text.RegularExpressions;
using Dapper;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Queries;

/// <summary>Searches documents by words, by the engine's own ranking: a title counts more than a heading, a heading more than text.</summary>
internal sealed partial class KnowledgeSearch(GraphReader reader)
{
    private const int MostWords = 12;

    private sealed class Hit
    {
        public string Repository { get; init; } = "";

        public string Path { get; init; } = "";

        public string Source { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Title { get; init; } = "";

        public string Heading { get; init; } = "";

        public string? Owner { get; init; }

        public long Line { get; init; }

        public string Text { get; init; } = "";
    }

    public KnowledgePage Page(KnowledgeQuery query)
    {
        var words = Words().Matches(query.Text.ToLowerInvariant()).Select(match => match.Value).Distinct().Take(MostWords).ToList();
        if (words.Count == 0)
        {
            return new KnowledgePage([], 0, false);
        }

        var all = Page(query, words, query.IsPhrase ? Joint(" + ", " <-> ") : Joint(" AND ", " & "));
        return all.Total > 0 || query.IsPhrase || words.Count == 1 ? all : Page(query, words, Joint(" OR ", " | ")) with { ByAnyWord = true };
    }

    private KnowledgePage Page(KnowledgeQuery query, List<string> words, string joint)
    {
        var kinds = query.Kinds.Count == 0 ? "" : $" AND g.kind {reader.Dialect.In("@kinds")}";
        var parameters = new
        {
            organization = reader.Organization, match = string.Join(joint, words.Select(word => Joint($"\"{word}\"", $"'{word}'"))), kinds = query.Kinds.Select(DocumentKinds.Name).ToArray(), query.Limit, query.Offset,
        };
        // One document, one hit: the best of its passages.
        var found = $"""
            SELECT p.passage, p.page, {Score} AS score FROM {From} JOIN graph_page g ON g.page = p.page WHERE {Match} AND g.organization = @organization{kinds}
            """;
        var total = reader.Connection.ExecuteScalar<long>($"SELECT count(DISTINCT page) FROM ({found}) f", parameters);
        var hits = reader.Connection.Query<Hit>(
            $"""
            SELECT g.repository, g.path, g.source, g.kind, g.title, p.heading, g.owner, p.line, p.text FROM (
                SELECT passage, page, score, row_number() OVER (PARTITION BY page ORDER BY score, passage) AS place FROM ({found}) f) b
            JOIN graph_passage p ON p.passage = b.passage JOIN graph_page g ON g.page = b.page
            WHERE b.place = 1 ORDER BY b.score, g.path, g.repository LIMIT @Limit OFFSET @Offset
            """, parameters).AsList();
        var commits = reader.Connection.Query<(string Source, string Value)>(
            "SELECT source, value FROM graph_fact WHERE organization = @organization AND name = 'commit'", new { organization = reader.Organization }).ToDictionary(row => row.Source, row => row.Value);
        return new KnowledgePage([.. hits.Select(hit => Found(hit, words, commits.GetValueOrDefault(hit.Source, "")))], total, false);
    }

    private string From => Joint("graph_passage_index JOIN graph_passage p ON p.passage = graph_passage_index.rowid", "graph_passage p");

    private string Match => Joint("graph_passage_index MATCH @match", "p.words @@ to_tsquery('english', @match)");

    // The less the better, in both.
    private string Score => Joint("bm25(graph_passage_index, 6.0, 3.0, 1.0)", "-ts_rank_cd('{0.1, 0.1, 0.4, 1.0}', p.words, to_tsquery('english', @match))");

    private string Joint(string sqlite, string postgres) => reader.Dialect.Either(sqlite, postgres);

    private static FoundPassage Found(Hit hit, List<string> words, string commit)
    {
        var (line, snippet) = Snippet.Of(hit.Text, words);
        return new FoundPassage(hit.Repository, hit.Path, commit, DocumentKinds.Read(hit.Kind), hit.Title) { Heading = hit.Heading, Line = (int)hit.Line + line, Snippet = snippet, Owner = hit.Owner };
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Words();
}
