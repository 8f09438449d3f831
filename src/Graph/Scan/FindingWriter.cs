using System.Data.Common;
using System.Globalization;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Correlation;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>Writes the findings of one scan of one source: what is as it was is not written, what a complete scan no longer reports is resolved.</summary>
internal sealed class FindingWriter
{
    private readonly string organization;
    private readonly string source;
    private readonly long now;
    private readonly Dictionary<string, Stored> stored;

    private sealed record Stored(UInt128 Hash, FindingStatus Status, string? Account, string? Region);

    public FindingWriter(DbConnection connection, string organization, string source, long now)
    {
        (this.organization, this.source, this.now) = (organization, source, now);
        stored = connection.Query<(string Id, byte[]? Hash, string Status, string? Account, string? Region)>(
            "SELECT id, hash, status, account, region FROM graph_finding WHERE organization = @organization AND source = @source", new { organization, source })
            .ToDictionary(row => row.Id, row => new Stored(row.Hash is { } hash ? Fingerprint.Read(hash) : default, FindingStatuses.Read(row.Status), row.Account, row.Region));
    }

    /// <summary>Whether the finding is new, or not as it was.</summary>
    public bool IsNew(Finding finding) => !stored.TryGetValue(finding.Id, out var old) || old.Hash != Hash(finding) || old.Status != finding.Status;

    public void Store(DbConnection connection, Finding finding)
    {
        var since = finding.Since?.ToUnixTimeMilliseconds() is > 0 and var told && told < now ? told : now;
        var old = stored.GetValueOrDefault(finding.Id);
        connection.Execute(
            """
            INSERT INTO graph_finding (organization, source, id, rule, title, severity, tool, key, file, line, help, others, remedy, frameworks, account, region, status, first_seen, ended_at, text, same, hash)
            VALUES (@organization, @source, @Id, @Rule, @Title, @Severity, @Tool, @key, @File, @Line, @Help, @others, @Remedy, @frameworks, @Account, @Region, @status, @since, @ended, @text, @same, @hash)
            ON CONFLICT (organization, source, id) DO UPDATE SET rule = excluded.rule, title = excluded.title, severity = excluded.severity, tool = excluded.tool,
                key = excluded.key, file = excluded.file, line = excluded.line, help = excluded.help, others = excluded.others, remedy = excluded.remedy, frameworks = excluded.frameworks,
                account = excluded.account, region = excluded.region, status = excluded.status, ended_at = excluded.ended_at, text = excluded.text, hash = excluded.hash
            """,
            new
            {
                organization, source, finding.Id, finding.Rule, finding.Title, finding.Severity, finding.Tool, finding.File, finding.Line, finding.Help, finding.Remedy, finding.Account, finding.Region,
                key = finding.Resource is { } resource ? IdentityKey.Of(resource) : null,
                others = finding.Others.Count == 0 ? null : string.Join('\n', finding.Others.Select(IdentityKey.Of)),
                frameworks = string.Join('\n', finding.Frameworks), since, status = FindingStatuses.Name(finding.Status), ended = finding.Status is FindingStatus.Open ? null : (long?)now,
                text = Text(finding), same = Provisional(finding), hash = Fingerprint.Bytes(Hash(finding)),
            });
        if (old?.Status != finding.Status)
        {
            Note(connection, finding.Id, finding.Status);
        }
    }

    /// <summary>Resolves what complete listings no longer report.</summary>
    public void Sweep(DbConnection connection, IReadOnlyList<Observation.Complete> complete, Func<string, bool> isTold)
    {
        var scopes = complete.Where(scope => scope.Type is Finding.Scope or "*").ToList();
        foreach (var (id, _) in stored.Where(row => row.Value.Status is not FindingStatus.Resolved && !isTold(row.Key) && scopes.Exists(scope => IsIn(row.Value, scope))))
        {
            connection.Execute(
                "UPDATE graph_finding SET status = 'resolved', ended_at = @now WHERE organization = @organization AND source = @source AND id = @id", new { organization, source, id, now });
            Note(connection, id, FindingStatus.Resolved);
            new LinkMark(connection, organization).Clear();
        }
    }

    private void Note(DbConnection connection, string id, FindingStatus status) => connection.Execute(
        """
        INSERT INTO graph_finding_event (organization, source, id, time, status) VALUES (@organization, @source, @id, @now, @status)
        ON CONFLICT (organization, source, id, time) DO UPDATE SET status = excluded.status
        """, new { organization, source, id, now, status = FindingStatuses.Name(status) });

    private static bool IsIn(Stored finding, Observation.Complete scope) =>
        (scope.Account is null || scope.Account == finding.Account) && (scope.Region is null || scope.Region == finding.Region);

    // Since is left out: some scanners say when they looked last.
    private static UInt128 Hash(Finding finding) => Fingerprint.Of(
    [
        finding.Rule, finding.Title, finding.Severity, finding.Tool, finding.Resource, string.Join('\n', finding.Others), finding.File, finding.Line?.ToString(CultureInfo.InvariantCulture),
        finding.Help, finding.Remedy, string.Join('\n', finding.Frameworks), finding.Account, finding.Region,
    ]);

    private static string Text(Finding finding) => string.Join(
        '\n', new[] { finding.Rule, finding.Title, finding.Tool, finding.Resource, finding.File, finding.Remedy, finding.Id }.OfType<string>().Concat(finding.Others).Concat(finding.Frameworks)).ToLowerInvariant();

    // Until it is correlated it is a finding of its own.
    private string Provisional(Finding finding) => Fingerprint.Of(source, finding.Id).ToString("x32", CultureInfo.InvariantCulture);
}
