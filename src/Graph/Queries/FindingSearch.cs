using Dapper;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Queries;

/// <summary>Searches findings; what several scanners say of one rule and resource is one.</summary>
internal sealed class FindingSearch(GraphReader reader)
{
    private const int MostWords = 8;
    private const int MostHistory = 10;
    private const int MostResources = 5;

    private static readonly string[] Severities = ["critical", "high", "medium", "low", "info"];
    private static readonly string[] Statuses = ["open", "suppressed", "resolved"];

    private readonly DynamicParameters parameters = new(new { organization = reader.Organization });

    private sealed class Told
    {
        public string Source { get; init; } = "";

        public string Id { get; init; } = "";

        public string Rule { get; init; } = "";

        public string Title { get; init; } = "";

        public string Severity { get; init; } = "";

        public string Tool { get; init; } = "";

        public string Status { get; init; } = "";

        public string? Key { get; init; }

        public string? File { get; init; }

        public long? Line { get; init; }

        public string? Help { get; init; }

        public string? Remedy { get; init; }

        public string Frameworks { get; init; } = "";

        public string Same { get; init; } = "";

        public long First_Seen { get; init; }

        public long? Ended_At { get; init; }
    }

    public FindingPage Page(FindingQuery query)
    {
        // A finding is what its members say together; a filter holds when it holds for one of them.
        var joined = $"""
            SELECT f.same, min({Rank("f.status", Statuses)}) AS state, min({Rank("f.severity", Severities)}) AS level, min(f.rule) AS rule, min(f.id) AS id
            FROM graph_finding f WHERE f.organization = @organization AND f.same IN (SELECT f.same FROM graph_finding f WHERE {string.Join(" AND ", Filters(query))}) GROUP BY f.same
            """;
        var level = query.Severity is { } severity ? $"level = {Array.IndexOf(Severities, severity)}" : "1 = 1";
        var state = query.Status is { } status ? $"state = {Array.IndexOf(Statuses, FindingStatuses.Name(status))}" : "1 = 1";
        var (all, total) = reader.Connection.QuerySingle<(long, long)>($"SELECT count(*), count(*) FILTER (WHERE {state}) FROM ({joined}) j WHERE {level}", parameters);
        parameters.AddDynamicParams(new { query.Limit, query.Offset });
        var page = reader.Connection.Query<string>(
            $"SELECT same FROM ({joined}) j WHERE {level} AND {state} ORDER BY level, state, rule, id LIMIT @Limit OFFSET @Offset", parameters).AsList();
        return new FindingPage(Read(page), total, all - total);
    }

    /// <summary>The open findings of a resource, the most severe first.</summary>
    public FindingPage Of(ResourceRow resource, int most) => Page(new FindingQuery { Resource = resource, Status = FindingStatus.Open, Limit = most });

    /// <summary>Those that were open at a time, linked as they are now, the most severe first.</summary>
    public FindingPage OpenAt(ResourceRow resource, DateTimeOffset at, int most) => Page(new FindingQuery { Resource = resource, OpenAt = at, Limit = most });

    private IEnumerable<string> Filters(FindingQuery query)
    {
        yield return "f.organization = @organization";
        if (query.Text?.Trim().ToLowerInvariant() is { Length: > 0 } text)
        {
            parameters.Add("text", text);
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostWords).ToArray();
            for (var at = 0; at < words.Length; at++)
            {
                parameters.Add($"word{at}", words[at]);
            }

            yield return $"(instr(f.text, @text) > 0 OR ({string.Join(" AND ", words.Select((_, at) => $"instr(f.text, @word{at}) > 0"))}))";
        }

        if (query.Framework?.Trim().ToLowerInvariant() is { Length: > 0 } framework)
        {
            parameters.Add("framework", framework);
            yield return "instr(lower(f.frameworks), @framework) > 0";
        }

        if (query.OpenAt is { } then)
        {
            parameters.Add("at", then.ToUnixTimeMilliseconds());
            yield return """
                coalesce((SELECT e.status FROM graph_finding_event e WHERE e.organization = f.organization AND e.source = f.source AND e.id = f.id AND e.time <= @at ORDER BY e.time DESC LIMIT 1),
                    CASE WHEN f.first_seen <= @at THEN 'open' END) = 'open'
                """;
        }

        if (query.Resource is { } resource)
        {
            parameters.Add("node", resource.Node);
            yield return "(EXISTS (SELECT 1 FROM graph_finding_link l WHERE l.node = @node AND l.organization = f.organization AND l.source = f.source AND l.id = f.id)"
                + " OR EXISTS (SELECT 1 FROM graph_finding_ended_link l WHERE l.node = @node AND l.organization = f.organization AND l.source = f.source AND l.id = f.id))";
        }
    }

    private List<JoinedFinding> Read(List<string> page)
    {
        var told = reader.Connection.Query<Told>(
            $"""
            SELECT source, id, rule, title, severity, tool, status, key, file, line, help, remedy, frameworks, same, first_seen, ended_at FROM graph_finding
            WHERE organization = @organization AND same {reader.Dialect.In("@page")} ORDER BY source, id
            """, new { organization = reader.Organization, page }).ToLookup(row => row.Same);
        return [.. page.Select(same => Joined([.. told[same]]))];
    }

    private JoinedFinding Joined(List<Told> members)
    {
        var status = members.Min(member => Array.IndexOf(Statuses, member.Status));
        var first = members.First(member => member.Status == Statuses[status]);
        return new JoinedFinding
        {
            Id = first.Id, Rule = first.Rule, Title = first.Title, Severity = Severities[members.Min(member => Array.IndexOf(Severities, member.Severity))], Status = FindingStatuses.Read(Statuses[status]),
            Tools = [.. members.Select(member => member.Tool).Distinct()], Resources = Resources(members), Key = Either(member => member.Key),
            File = Either(member => member.File), Line = (int?)members.Where(member => member.File is not null).Select(member => member.Line).FirstOrDefault(),
            Help = Either(member => member.Help), Remedy = Either(member => member.Remedy),
            Frameworks = [.. members.SelectMany(member => member.Frameworks.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.OrdinalIgnoreCase)],
            Since = Time(members.Min(member => member.First_Seen)), EndedAt = status == 0 ? null : members.Max(member => member.Ended_At) is { } ended ? Time(ended) : null, History = History(first),
        };

        string? Either(Func<Told, string?> of) => members.Select(of).FirstOrDefault(value => value is not null);
    }

    private List<ResourceRow> Resources(List<Told> members)
    {
        var nodes = members.SelectMany(member => reader.Connection.Query<long>(
            """
            SELECT node FROM graph_finding_link WHERE organization = @organization AND source = @Source AND id = @Id
            UNION SELECT node FROM graph_finding_ended_link WHERE organization = @organization AND source = @Source AND id = @Id ORDER BY 1
            """, new { organization = reader.Organization, member.Source, member.Id })).Distinct().Take(MostResources);
        return [.. nodes.Select(reader.Row).OfType<ResourceRow>()];
    }

    private List<FindingEvent> History(Told member) => [.. reader.Connection.Query<(long Time, string Status)>(
        $"SELECT time, status FROM graph_finding_event WHERE organization = @organization AND source = @Source AND id = @Id ORDER BY time DESC LIMIT {MostHistory}", new { organization = reader.Organization, member.Source, member.Id })
        .Reverse().Select(row => new FindingEvent(Time(row.Time), FindingStatuses.Read(row.Status)))];

    private static string Rank(string column, string[] values) => $"CASE {column} {string.Concat(values.Select((value, at) => $"WHEN '{value}' THEN {at} "))}ELSE {values.Length} END";

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
