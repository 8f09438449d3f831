using System.Data.Common;
using Dapper;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>Writes the charges of one scan of one source: what is as it was is not written.</summary>
internal sealed class CostWriter
{
    private const decimal Parts = 1_000_000m;

    private readonly string organization;
    private readonly string source;
    private readonly Dictionary<UInt128, (long Until, long Billed, long Effective)> stored;

    public CostWriter(DbConnection connection, string organization, string source)
    {
        (this.organization, this.source) = (organization, source);
        stored = connection.Query<(byte[] Hash, long Until, long Billed, long Effective)>(
            "SELECT hash, until, billed, effective FROM graph_cost WHERE organization = @organization AND source = @source", new { organization, source })
            .ToDictionary(row => Fingerprint.Read(row.Hash), row => (row.Until, row.Billed, row.Effective));
    }

    public bool IsNew(Charge charge) => !stored.TryGetValue(Hash(charge), out var old) || old != (Day(charge.Until), Micro(charge.Billed), Micro(charge.Effective));

    public void Store(DbConnection connection, Charge charge) => connection.Execute(
        """
        INSERT INTO graph_cost (organization, source, hash, key, service, account, region, currency, month, until, billed, effective)
        VALUES (@organization, @source, @hash, @key, @Service, @Account, @Region, @Currency, @month, @until, @billed, @effective)
        ON CONFLICT (organization, source, hash) DO UPDATE SET until = excluded.until, billed = excluded.billed, effective = excluded.effective
        """,
        new
        {
            organization, source, hash = Fingerprint.Bytes(Hash(charge)), key = charge.Resource is { } resource ? IdentityKey.Of(resource) : null, charge.Service, charge.Account, charge.Region, charge.Currency,
            month = Day(charge.Month), until = Day(charge.Until), billed = Micro(charge.Billed), effective = Micro(charge.Effective),
        });

    /// <summary>Takes away what is no longer told, when all of the source was read: a bill names other accounts than the one that was asked.</summary>
    public void Sweep(DbConnection connection, IReadOnlyList<Observation.Complete> complete, IReadOnlyList<Observation.Failed> failures, Func<UInt128, bool> isTold)
    {
        if (failures.Count == 0 && complete.Any(scope => scope is { Account: null, Type: "*" or "cost" }))
        {
            foreach (var hash in stored.Keys.Where(hash => !isTold(hash)))
            {
                connection.Execute("DELETE FROM graph_cost WHERE organization = @organization AND source = @source AND hash = @hash", new { organization, source, hash = Fingerprint.Bytes(hash) });
            }
        }
    }

    /// <summary>What a charge is known by.</summary>
    public static UInt128 Hash(Charge charge) => Fingerprint.Of(charge.Resource, charge.Service, charge.Account, charge.Region, charge.Currency, charge.Month.ToString("O"));

    private static long Day(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static long Micro(decimal amount) => (long)Math.Round(amount * Parts);
}
