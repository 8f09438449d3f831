using System.Data.Common;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>Takes away what complete listings no longer name, and nothing else.</summary>
internal sealed class Sweep(DbConnection connection, string organization, string source, long now, NodeWriter nodes)
{
    private const string WholeSource = "*";
    private const int FewEnough = 20;

    private readonly List<(string Type, string? Account, string? Region)> heldScopes = [];
    private readonly List<(string Type, long From, long To)> goneRelations = [];

    /// <summary>Whether a person lets go of scopes of which most vanished.</summary>
    public bool Release { get; init; }

    private sealed record Row(string Key, string? Account, string? Region, string Type)
    {
        public bool IsIn(Observation.Complete scope) =>
            (scope.Type == WholeSource || scope.Type.Equals(Type, StringComparison.OrdinalIgnoreCase))
            && (scope.Account is null || scope.Account == Account) && (scope.Region is null || scope.Region == Region);
    }

    /// <summary>The scopes that were listed whole: an account that was is one for each type that it is known to hold, and a cloud that was is all its accounts.</summary>
    public IReadOnlyList<Observation.Complete> Expand(IReadOnlyList<Observation.Complete> complete, bool isCloud) =>
    [
        .. complete.SelectMany(scope => scope is { Type: WholeSource, Account: null } && isCloud ? AccountsOf().Select(account => scope with { Account = account }) : [scope])
            .SelectMany(scope => scope is { Type: WholeSource, Account: { } account } ? TypesOf(account).Except(scope.Except, StringComparer.OrdinalIgnoreCase).Select(type => scope with { Type = type, Except = [] }) : [scope]).Distinct(),
    ];

    /// <summary>Sweeps resources; a scope of which most would go at once is held until a person releases it. Answers the scopes held, in words.</summary>
    public List<string> Resources(IReadOnlyList<Observation.Complete> complete, HashSet<UInt128> seen)
    {
        var held = new List<string>();
        foreach (var scope in complete)
        {
            var rows = InScope(scope);
            var gone = rows.Where(row => !seen.Contains(Fingerprint.Of(row.Key))).ToList();
            if (scope.Type != WholeSource && gone.Count > FewEnough && gone.Count * 2 > rows.Count && !Release)
            {
                held.Add($"{gone.Count} of {rows.Count} {scope.Type} in {scope.Region ?? "all regions"}");
                heldScopes.Add((scope.Type, scope.Account, scope.Region));
                continue;
            }

            foreach (var row in gone)
            {
                nodes.Withdraw(source, row.Key);
            }
        }

        return held;
    }

    /// <summary>Sweeps relations: when nothing failed all unseen but those of accounts in which nothing was listed; else those whose both ends lie in complete scopes.</summary>
    public void Relations(HashSet<UInt128> seen, bool nothingFailed, IReadOnlyList<Observation.Complete> complete)
    {
        var unseen = connection.Query<(long Id, string From, string Type, string To, long? FromNode, long? ToNode)>(
            "SELECT rowid, from_key, type, to_key, from_node, to_node FROM graph_relation WHERE organization = @organization AND source = @source", new { organization, source })
            .Where(row => !seen.Contains(Fingerprint.Of(row.From, row.Type, row.To))).ToList();
        foreach (var row in unseen.Where(row => new[] { row.From, row.To }.All(end => nothingFailed ? !IsKept(end, complete) : EndIsComplete(end, complete))))
        {
            connection.Execute("DELETE FROM graph_relation WHERE rowid = @Id", new { row.Id });
            nodes.Journal.Relation(row.Type, row.FromNode, row.ToNode);
            if (row is { FromNode: { } from, ToNode: { } to })
            {
                goneRelations.Add((row.Type, from, to));
            }
        }
    }

    /// <summary>Notes the relations that went, once it is known which resources stayed.</summary>
    public void NoteRelations()
    {
        var history = new RelationHistory(nodes.Sql, organization, now);
        foreach (var (type, from, to) in goneRelations.Distinct())
        {
            history.Note("gone", source, type, from, to);
        }
    }

    /// <summary>Sweeps what the state no longer manages.</summary>
    public void Managed(HashSet<(string State, string Address)> seen)
    {
        var gone = connection.Query<(string State, string Address, long? Node)>("SELECT state, address, node FROM graph_managed WHERE organization = @organization AND source = @source", new { organization, source })
            .Where(row => !seen.Contains((row.State, row.Address))).ToList();
        foreach (var (state, address, node) in gone)
        {
            connection.Execute("DELETE FROM graph_managed WHERE organization = @organization AND source = @source AND state = @state AND address = @address", new { organization, source, state, address });
            if (node is { } touched)
            {
                nodes.Touch(touched);
            }
        }
    }

    /// <summary>Records how fresh each scope is.</summary>
    public void Scopes(IReadOnlyList<Observation.Complete> complete, IReadOnlyList<Observation.Failed> failures, List<string> held)
    {
        foreach (var scope in complete)
        {
            var isHeld = held.Count > 0 && heldScopes.Contains((scope.Type, scope.Account, scope.Region));
            connection.Execute(
                """
                INSERT INTO graph_scope (organization, source, account, region, type, completed_at, stale_at, held) VALUES (@organization, @source, @account, @region, @Type, @now, @stale, @isHeld)
                ON CONFLICT (organization, source, account, region, type) DO UPDATE SET completed_at = excluded.completed_at, stale_at = excluded.stale_at, held = excluded.held
                """, new { organization, source, account = scope.Account ?? "", region = scope.Region ?? "", scope.Type, now, stale = isHeld ? now : (long?)null, isHeld = isHeld ? 1 : 0 });
            if (!isHeld)
            {
                connection.Execute(
                    "UPDATE graph_scope SET stale_at = NULL WHERE organization = @organization AND source = @source AND type IN (@Type, '*') AND account IN (@account, '') AND region IN (@region, '')",
                    new { organization, source, scope.Type, account = scope.Account ?? "", region = scope.Region ?? "" });
            }
        }

        foreach (var failure in failures)
        {
            connection.Execute(
                """
                INSERT INTO graph_scope (organization, source, account, region, type, stale_at) VALUES (@organization, @source, @account, @region, @Type, @now)
                ON CONFLICT (organization, source, account, region, type) DO UPDATE SET stale_at = coalesce(graph_scope.stale_at, excluded.stale_at)
                """, new { organization, source, account = failure.Account ?? "", region = failure.Region ?? "", failure.Type, now });
        }
    }

    private IEnumerable<string> AccountsOf() => connection.Query<string>(
        "SELECT DISTINCT account FROM graph_contribution WHERE organization = @organization AND source = @source AND account IS NOT NULL AND gone_at IS NULL", new { organization, source });

    private IEnumerable<string> TypesOf(string account) => connection.Query<string>(
        "SELECT DISTINCT type FROM graph_contribution WHERE organization = @organization AND source = @source AND account = @account AND gone_at IS NULL", new { organization, source, account });

    private List<Row> InScope(Observation.Complete scope)
    {
        var (ofType, ofAccount) = (scope.Type == WholeSource ? "" : " AND type = @Type", scope.Account is null ? "" : " AND account = @Account");
        var rows = connection.Query<(string, string?, string?, string)>(
            $"SELECT key, account, region, type FROM graph_contribution WHERE organization = @organization AND source = @source{ofType}{ofAccount} AND gone_at IS NULL", new { organization, source, scope.Type, scope.Account });
        return [.. rows.Select(row => new Row(row.Item1, row.Item2, row.Item3, row.Item4)).Where(row => row.IsIn(scope))];
    }

    // A resource of an account in which nothing was listed, while others were.
    private bool IsKept(string key, IReadOnlyList<Observation.Complete> complete) =>
        complete.Count > 0 && Told(key) is { Count: > 0 } told && !told.Exists(row => complete.Any(scope => scope.Account is null || scope.Account == row.Account));

    private bool EndIsComplete(string key, IReadOnlyList<Observation.Complete> complete) => Told(key).Exists(row => complete.Any(row.IsIn));

    private List<Row> Told(string key) => nodes.Resolve(key) is { } node
        ? [.. connection.Query<(string, string?, string?, string)>("SELECT key, account, region, type FROM graph_contribution WHERE node = @node AND organization = @organization AND source = @source", new { node, organization, source })
            .Select(row => new Row(row.Item1, row.Item2, row.Item3, row.Item4))]
        : [];
}
