using System.Data.Common;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>Takes away what complete listings no longer name, and nothing else.</summary>
internal sealed class Sweep(DbConnection connection, string organization, string source, long now, NodeWriter nodes, Told told, Digests digests)
{
    private const string WholeSource = "*";

    /// <summary>The account of what has none, as a scope: null is any.</summary>
    private const string NoAccount = "";

    private const int FewEnough = 20;

    private readonly HashSet<Observation.Complete> heldScopes = [];
    private readonly List<(string Type, long From, long To)> goneRelations = [];

    /// <summary>Whether a person lets go of scopes of which most vanished.</summary>
    public bool Release { get; init; }

    /// <summary>When the oldest was told of what this scan goes by.</summary>
    public required long AsOf { get; init; }

    /// <summary>Whether the source had told nothing before this scan, so that nothing can be gone.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Scopes of which most would have gone, in words.</summary>
    public List<string> Held { get; } = [];

    /// <summary>Whether something stays that this scan was not told, for its listing was not complete.</summary>
    public bool HasKept { get; private set; }

    private sealed record Row(string Key, string? Account, string? Region, string Type)
    {
        public bool IsIn(Observation.Complete scope) =>
            (scope.Type == WholeSource || scope.Type.Equals(Type, StringComparison.OrdinalIgnoreCase))
            && IsOf(scope) && (scope.Region is null || scope.Region == Region);

        public bool IsOf(Observation.Complete scope) => scope.Account is null || scope.Account == (Account ?? NoAccount);
    }

    /// <summary>The scan was told what the last was, which was whole: its scopes are as fresh as this one.</summary>
    public void Renew() => connection.Execute(
        """
        UPDATE graph_scope SET completed_at = @now WHERE organization = @organization AND source = @source
            AND completed_at = (SELECT scanned_at FROM graph_source WHERE organization = @organization AND name = @source)
        """, new { organization, source, now });

    /// <summary>Sweeps what the listings no longer name, and records how fresh each scope is.</summary>
    /// <param name="complete">As they were told.</param>
    /// <param name="failures">Likewise.</param>
    /// <param name="isCloud">Whether a whole source or account is judged type by type.</param>
    public void Run(IReadOnlyList<Observation.Complete> complete, IReadOnlyList<Observation.Failed> failures, bool isCloud)
    {
        var scopes = Expand(complete, isCloud);
        if (!IsFirst)
        {
            Resources(scopes);
            var swept = scopes.Where(scope => !heldScopes.Contains(scope)).ToList();
            Relations(nothingFailed: failures.Count == 0 && Held.Count == 0, swept);
            if (failures.Count == 0 && !heldScopes.Any(scope => scope.Type == WholeSource))
            {
                Managed();
            }
        }

        Freshness([.. scopes.Union(complete)], failures);
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

    /// <summary>The scopes that were listed whole: an account that was is one for each type that it is known to hold, and a cloud that was is all its accounts and what has none.</summary>
    private List<Observation.Complete> Expand(IReadOnlyList<Observation.Complete> complete, bool isCloud)
    {
        if (!complete.Any(scope => scope.Type == WholeSource && (isCloud || scope.Account is not null)))
        {
            return [.. complete.Distinct()];
        }

        var types = connection.Query<(string? Account, string Type)>(
            "SELECT DISTINCT account, type FROM graph_contribution WHERE organization = @organization AND source = @source AND gone_at IS NULL", new { organization, source }).ToLookup(row => row.Account ?? NoAccount, row => row.Type);
        return
        [
            .. complete.SelectMany(scope => scope is { Type: WholeSource, Account: null } && isCloud ? types.Select(account => scope with { Account = account.Key }) : [scope])
                .SelectMany(scope => scope is { Type: WholeSource, Account: { } account } ? types[account].Except(scope.Except, StringComparer.OrdinalIgnoreCase).Select(type => scope with { Type = type, Except = [] }) : [scope]).Distinct(),
        ];
    }

    /// <summary>Sweeps resources. A scope of which most would go at once is held until a person releases it, and so are all when most of the whole source would go.</summary>
    private void Resources(IReadOnlyList<Observation.Complete> scopes)
    {
        if (told.IsNoneGone(Told.Kind.Key))
        {
            return;
        }

        var judged = scopes.Select(scope => new Judged(scope)).ToList();
        var places = judged.ToLookup(scope => (scope.Scope.Type.ToLowerInvariant(), scope.Scope.Account));
        var (all, gone) = (0, new HashSet<string>());
        foreach (var row in connection.Query<(string Key, string? Account, string? Region, string Type)>(
            "SELECT key, account, region, type FROM graph_contribution WHERE organization = @organization AND source = @source AND gone_at IS NULL", new { organization, source }, buffered: false)
            .Select(row => new Row(row.Key, row.Account, row.Region, row.Type)))
        {
            all++;
            var (isGone, isListed, type) = (!told.Has(digests.OfKey(row.Key)), false, row.Type.ToLowerInvariant());
            foreach (var scope in new[] { (type, row.Account ?? NoAccount), (type, null), (WholeSource, null) }.Distinct().SelectMany(place => places[place]).Where(scope => row.IsIn(scope.Scope)))
            {
                scope.Add(row, isGone);
                isListed = true;
                if (isGone)
                {
                    gone.Add(row.Key);
                }
            }

            HasKept |= isGone && !isListed;
        }

        var isMostOfAll = IsMost(gone.Count, all);
        foreach (var scope in judged.Where(scope => scope.Gone.Count > 0))
        {
            if (!Release && (isMostOfAll || IsMost(scope.Gone.Count, scope.All)))
            {
                Held.Add(scope.ToString());
                heldScopes.Add(scope.Scope);
            }
        }

        foreach (var key in judged.Where(scope => !heldScopes.Contains(scope.Scope)).SelectMany(scope => scope.Gone).Distinct())
        {
            nodes.Withdraw(source, key);
        }
    }

    private static bool IsMost(int gone, int all) => gone > FewEnough && gone * 2 > all;

    /// <summary>Sweeps relations: when nothing failed all unseen but those of accounts in which nothing was listed; else those whose both ends lie in complete scopes.</summary>
    private void Relations(bool nothingFailed, IReadOnlyList<Observation.Complete> complete)
    {
        if (told.IsNoneGone(Told.Kind.Relation))
        {
            return;
        }

        var unseen = connection.Query<(long Id, string From, string Type, string To, long? FromNode, long? ToNode)>(
            "SELECT rowid, from_key, type, to_key, from_node, to_node FROM graph_relation WHERE organization = @organization AND source = @source", new { organization, source }, buffered: false)
            .Where(row => !told.Has(digests.OfRelation(row.From, row.Type, row.To))).ToList();
        foreach (var row in unseen)
        {
            if (!new[] { row.From, row.To }.All(end => nothingFailed ? !IsKept(end, complete) : EndIsComplete(end, complete)))
            {
                HasKept = true;
                continue;
            }

            connection.Execute("DELETE FROM graph_relation WHERE rowid = @Id", new { row.Id });
            nodes.Journal.Relation(row.Type, row.FromNode, row.ToNode);
            if (row is { FromNode: { } from, ToNode: { } to })
            {
                goneRelations.Add((row.Type, from, to));
            }
        }
    }

    /// <summary>Sweeps what the state no longer manages.</summary>
    private void Managed()
    {
        if (told.IsNoneGone(Told.Kind.Address))
        {
            return;
        }

        var gone = connection.Query<(string State, string Address, long? Node)>("SELECT state, address, node FROM graph_managed WHERE organization = @organization AND source = @source", new { organization, source }, buffered: false)
            .Where(row => !told.Has(digests.OfAddress(row.State, row.Address))).ToList();
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
    private void Freshness(IReadOnlyList<Observation.Complete> complete, IReadOnlyList<Observation.Failed> failures)
    {
        foreach (var scope in complete)
        {
            var isHeld = heldScopes.Contains(scope);
            connection.Execute(
                """
                INSERT INTO graph_scope (organization, source, account, region, type, completed_at, stale_at, held) VALUES (@organization, @source, @account, @region, @Type, @asOf, @stale, @isHeld)
                ON CONFLICT (organization, source, account, region, type) DO UPDATE SET completed_at = excluded.completed_at, stale_at = excluded.stale_at, held = excluded.held
                """, new { organization, source, account = Recorded(scope), region = scope.Region ?? "", scope.Type, asOf = AsOf, stale = isHeld ? now : (long?)null, isHeld = isHeld ? 1 : 0 });
            if (!isHeld)
            {
                connection.Execute(
                    "UPDATE graph_scope SET stale_at = NULL WHERE organization = @organization AND source = @source AND type IN (@Type, '*') AND account IN (@account, '') AND region IN (@region, '')",
                    new { organization, source, scope.Type, account = Recorded(scope), region = scope.Region ?? "" });
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

    private static string Recorded(Observation.Complete scope) => scope.Account is NoAccount ? StaleScope.NoAccount : scope.Account ?? "";

    // A resource of an account in which nothing was listed, while others were.
    private bool IsKept(string key, IReadOnlyList<Observation.Complete> complete) =>
        complete.Count > 0 && OfKey(key) is { Count: > 0 } rows && !rows.Exists(row => complete.Any(row.IsOf));

    private bool EndIsComplete(string key, IReadOnlyList<Observation.Complete> complete) => OfKey(key).Exists(row => complete.Any(row.IsIn));

    private List<Row> OfKey(string key) => nodes.Resolve(key) is { } node
        ? [.. connection.Query<(string, string?, string?, string)>("SELECT key, account, region, type FROM graph_contribution WHERE node = @node AND organization = @organization AND source = @source", new { node, organization, source })
            .Select(row => new Row(row.Item1, row.Item2, row.Item3, row.Item4))]
        : [];

    /// <summary>What a scope holds and what of it is gone.</summary>
    private sealed class Judged(Observation.Complete scope)
    {
        public Observation.Complete Scope => scope;

        public int All { get; private set; }

        public List<string> Gone { get; } = [];

        public void Add(Row row, bool isGone)
        {
            All++;
            if (isGone)
            {
                Gone.Add(row.Key);
            }
        }

        public override string ToString() => $"{Gone.Count} of {All} {(scope.Type == WholeSource ? "of everything" : scope.Type)} in {scope.Region ?? "all regions"}{scope.Account switch { null => "", NoAccount => ", of no account", var account => $", of account {account}" }}";
    }
}
