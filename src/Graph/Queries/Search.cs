using Dapper;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Queries;

/// <summary>Searches resources. Which index leads is chosen here: the database's planner picks badly.</summary>
internal sealed class Search(GraphReader reader, SearchQuery query)
{
    private const string Live = "r.gone_at IS NULL";
    private const int FewestForIndex = 3;
    private const int MostListed = 50_000;

    private readonly DynamicParameters parameters = new();

    public SearchPage Page()
    {
        var text = query.Text?.Trim().ToLowerInvariant();
        string[] texts = string.IsNullOrEmpty(text) ? [] : [text];
        var held = Held(texts);
        var byWords = text is not null && text.Contains(' ', StringComparison.Ordinal) && (held?.Live.Count ?? Total(texts, Live)) == 0;
        if (byWords)
        {
            texts = text!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            held = Held(texts);
        }

        var rank = Rank(texts);
        var (from, where) = held is null ? Source(texts, Live) : Among(held.Live);
        var total = held?.Live.Count ?? reader.Connection.ExecuteScalar<long>($"SELECT count(*) FROM {from} WHERE {where}", parameters);
        var rows = reader.Rows(
            $"SELECT {GraphReader.Columns} FROM {from} WHERE {where} {After(rank)} ORDER BY {(texts.Length == 1 ? $"{rank}, " : "")}r.type, r.name, r.id LIMIT {query.Limit + 1}", parameters);
        var page = rows.Take(query.Limit).ToList();
        return new SearchPage(page, total, held?.Gone ?? (texts.Length > 0 ? Total(texts, "r.gone_at IS NOT NULL") : 0), byWords)
        {
            Cursor = rows.Count > page.Count ? CursorAfter(page[^1]) : null,
            CursorAfter = CursorAfter,
        };
    }

    public CountPage Count(string by)
    {
        string[] texts = string.IsNullOrWhiteSpace(query.Text) ? [] : [query.Text.Trim().ToLowerInvariant()];
        var held = Held(texts);
        var (from, where) = held is null ? Source(texts, Live) : Among(held.Live);
        var offset = query.Cursor is null ? 0 : Cursor.Read(Identity(by), query.Cursor);
        var (value, join) = Value(by);
        parameters.Add("offset", offset);
        var counts = reader.Connection.Query<(string? Value, long Count)>(
            $"SELECT {value} AS value, count(*) AS count FROM {from} {join} WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {query.Limit + 1} OFFSET @offset", parameters).AsList();
        var total = held?.Live.Count ?? reader.Connection.ExecuteScalar<long>($"SELECT count(*) FROM {from} WHERE {where}", parameters);
        var values = offset == 0 && counts.Count <= query.Limit ? counts.Count
            : reader.Connection.ExecuteScalar<long>($"SELECT count(*) FROM (SELECT {value} FROM {from} {join} WHERE {where} GROUP BY 1) counted", parameters);
        return new CountPage(
            [.. counts.Take(query.Limit).Select(row => new ValueCount(row.Value, row.Count))], total, values,
            counts.Count > query.Limit ? Cursor.Write(Identity(by), offset + query.Limit) : null);
    }

    private string CursorAfter(ResourceRow row) => Cursor.Write(Identity(null), row.Node);

    private string Identity(string? countBy) => query.Identity(countBy, reader.Organization);

    private long Total(string[] texts, string alive)
    {
        var (from, where) = Source(texts, alive);
        return reader.Connection.ExecuteScalar<long>($"SELECT count(*) FROM {from} WHERE {where}", parameters);
    }

    /// <summary>What holds the texts and passes the filters, when that is no more than a list is worth: the index of pieces of text is asked once, and not for each count and page.</summary>
    private Matches? Held(string[] texts)
    {
        if (!texts.Any(IsIndexed))
        {
            return null;
        }

        var (from, where) = Source(texts, "1 = 1");
        var found = reader.Connection.Query<(long Node, long IsGone)>($"SELECT r.node, CASE WHEN r.gone_at IS NULL THEN 0 ELSE 1 END FROM {from} WHERE {where} LIMIT {MostListed + 1}", parameters).AsList();
        return found.Count > MostListed ? null : new Matches([.. found.Where(one => one.IsGone == 0).Select(one => one.Node)], found.LongCount(one => one.IsGone == 1));
    }

    private (string From, string Where) Among(List<long> nodes)
    {
        parameters.Add("among", reader.Dialect.List(nodes));
        return ("graph_resource r", $"r.node {reader.Dialect.InList("@among")}");
    }

    private static bool IsIndexed(string text) => text.EnumerateRunes().Count() >= FewestForIndex;

    private string After(string rank)
    {
        if (query.Cursor is null)
        {
            return "";
        }

        var node = Cursor.Read(Identity(null), query.Cursor);
        parameters.Add("after", node);
        var (type, name, id, place) = reader.Connection.QueryFirstOrDefault<(string? Type, string Name, string Id, long Rank)>(
            $"SELECT r.type, r.name, r.id, {rank} FROM graph_resource r WHERE r.node = @after AND r.organization = @organization", parameters);
        if (type is null)
        {
            throw new CursorException("What the cursor points at is no longer in the graph. Ask anew without a cursor.");
        }

        parameters.AddDynamicParams(new { afterRank = place, afterType = type, afterName = name, afterId = id });
        return $"AND ({rank}, r.type, r.name, r.id) > (@afterRank, @afterType, @afterName, @afterId)";
    }

    private string Rank(string[] texts)
    {
        if (texts.Length != 1)
        {
            return "0";
        }

        parameters.Add("text", texts[0]);
        return "(CASE WHEN lower(r.name) = @text THEN 0 WHEN instr(lower(r.name), @text) = 1 THEN 1 WHEN instr(lower(r.name), @text) > 0 THEN 2 ELSE 3 END)";
    }

    /// <summary>The table that leads with its index, and the conditions.</summary>
    private (string From, string Where) Source(string[] texts, string alive)
    {
        parameters.Add("organization", reader.Organization);
        var where = new List<string> { "r.organization = @organization", alive };
        var indexed = texts.Where(IsIndexed).ToArray();
        var from = indexed.Length > 0 ? TextMatch.Holding(reader.Dialect, indexed, parameters) : $"graph_resource r {Index(alive)}";
        foreach (var (text, at) in texts.Except(indexed).Select((text, at) => (text, at)))
        {
            parameters.Add($"short{at}", text);
            where.Add($"EXISTS (SELECT 1 FROM graph_text t WHERE t.node = r.node AND instr(t.text, @short{at}) > 0)");
        }

        where.AddRange(Filters());
        return (from, string.Join(" AND ", where));
    }

    private string Index(string alive) =>
        alive == Live ? reader.Dialect.IndexedBy("graph_resource_changed") : reader.Dialect.Either("NOT INDEXED", "");

    private IEnumerable<string> Filters()
    {
        foreach (var (column, value) in new[] { ("provider", Provider(query.Provider)), ("account", query.Account), ("region", query.Region), ("environment", query.Environment) })
        {
            if (value is not null)
            {
                parameters.Add(column, value);
                yield return $"r.{column} = @{column}";
            }
        }

        if (query.Type is { } type)
        {
            parameters.Add("types", new[] { type, TerraformTypes.ProviderType(type) });
            yield return $"r.type {reader.Dialect.In("@types")}";
        }

        if (query.Managed is { } managed)
        {
            yield return managed ? "r.managed = 1" : "r.managed = 0";
        }

        if (query.Findings is { } findings)
        {
            yield return $"{(findings ? "" : "NOT ")}EXISTS (SELECT 1 FROM graph_finding_link n WHERE n.node = r.node)";
        }

        if (query.ChangedSince is { } since)
        {
            parameters.Add("since", since.ToUnixTimeMilliseconds());
            yield return "r.changed_at >= @since";
        }

        if (query.Tag is { } tag)
        {
            yield return Tag(tag);
        }
    }

    private string Tag(string tag)
    {
        var equals = tag.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? tag : tag[..equals];
        parameters.AddDynamicParams(new { tagKey = key, tagValue = equals < 0 ? null : tag[(equals + 1)..] });
        return $"EXISTS (SELECT 1 FROM {reader.Dialect.EachText("r.tags")} g WHERE g.key = @tagKey COLLATE NOCASE{(equals < 0 ? "" : " AND g.value = @tagValue COLLATE NOCASE")})";
    }

    private (string Value, string Join) Value(string by)
    {
        if (by.StartsWith("tag:", StringComparison.OrdinalIgnoreCase))
        {
            parameters.Add("countKey", by[4..]);
            return ("c.value", $"LEFT JOIN {reader.Dialect.EachText("r.tags")} c ON c.key = @countKey COLLATE NOCASE");
        }

        return (by switch
        {
            "type" => "r.type",
            "region" => "r.region",
            "account" => "r.account",
            "provider" => "r.provider",
            "environment" => "r.environment",
            "managed" => "CASE r.managed WHEN 1 THEN 'true' ELSE 'false' END",
            _ => throw new ArgumentOutOfRangeException(nameof(by), by, "Callers check."),
        }, "");
    }

    private static string? Provider(string? given) => given?.ToLowerInvariant() switch { "azurerm" or "azuread" => "azure", "google" => "gcp", "k8s" => "kubernetes", var name => name };

    private sealed record Matches(List<long> Live, long Gone);
}
