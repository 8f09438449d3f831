using System.Globalization;
using System.Runtime.InteropServices;
using McpInfra.Graph.Collectors.Findings;

namespace McpInfra.Graph.Collectors.Costs;

/// <summary>Sums rows of FOCUS by resource, service, account, region, currency and month; memory grows with those, not with rows.</summary>
/// <param name="source">Name of the source, for faults.</param>
internal sealed class FocusSum(string source)
{
    private const int MostCharges = 1_000_000;
    private const int MostText = 300;
    private const decimal MostAmount = 1_000_000_000_000m;

    private static readonly string[] Wanted = ["BilledCost", "BillingCurrency", "ChargePeriodStart"];

    private readonly Dictionary<Key, Amounts> sums = [];
    private readonly Dictionary<string, string> texts = [];

    private sealed record Key(string? Resource, string Service, string? Account, string? Region, string Currency, DateOnly Month);

    private record struct Amounts(decimal Billed, decimal Effective, DateOnly Until);

    public bool IsEmpty => sums.Count == 0;

    /// <summary>Adds the rows of a file; what of it could not be read, or null.</summary>
    public string? Add(CsvReader rows, string path, CancellationToken stop)
    {
        var header = rows.Read()?.Select(name => name.Trim().TrimStart('\uFEFF')).ToList() ?? [];
        if (header.Count == 0)
        {
            return $"{path} is empty: nothing was exported. Export it again.";
        }

        if (Wanted.FirstOrDefault(name => Column(header, name) < 0) is { } missing)
        {
            return $"{path} is not FOCUS: it has no column {missing}. Export the cost data set with all columns that FOCUS 1.0 requires.";
        }

        var columns = new Columns(header);
        var (read, unread, first) = (0L, 0L, 0L);
        while (rows.Read() is { } row)
        {
            stop.ThrowIfCancellationRequested();
            if (row is [""])
            {
                continue;
            }

            read++;
            if (row.Count != header.Count || !Add(row, columns))
            {
                first = unread++ == 0 ? rows.Line : first;
            }
        }

        return read == 0 ? $"{path} holds no row under its header. Export it again."
            : unread == 0 ? null : $"{unread} row{(unread == 1 ? "" : "s")} of {path} cannot be read, the first at line {first}: it is cut, or an amount, a currency or a time is missing or of another form. The others count; export it again.";
    }

    public IEnumerable<Charge> Charges() => sums.Select(sum => new Charge
    {
        Resource = sum.Key.Resource, Service = sum.Key.Service, Account = sum.Key.Account, Region = sum.Key.Region, Currency = sum.Key.Currency, Month = sum.Key.Month,
        Until = sum.Value.Until, Billed = sum.Value.Billed, Effective = sum.Value.Effective,
    });

    private bool Add(List<string> row, Columns columns)
    {
        var currency = Columns.Of(row, columns.Currency);
        if (Amount(Columns.Of(row, columns.Billed)) is not { } billed || currency is not { Length: 3 } || !currency.All(char.IsAsciiLetter) || Day(Columns.Of(row, columns.Start)) is not { } start)
        {
            return false;
        }

        var effective = columns.Effective < 0 ? billed : Amount(Columns.Of(row, columns.Effective)) ?? billed;
        var month = new DateOnly(start.Year, start.Month, 1);
        var until = Day(Columns.Of(row, columns.End)) is { } end && end > start && end <= month.AddMonths(1) ? end : start.AddDays(1);
        var key = new Key(
            Text(FindingJson.Key(Columns.Of(row, columns.Resource))), Text(Short(Columns.Of(row, columns.Service))) ?? "unnamed", Text(Short(Columns.Of(row, columns.Account))), Text(Short(Columns.Of(row, columns.Region))),
            Text(currency.ToUpperInvariant())!, month);
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        if (sums.Count > MostCharges)
        {
            throw new SourceException($"Source {source} has over {MostCharges} charges by resource, service and month. Export fewer months, or name its parts as sources of their own.");
        }

        sum = new Amounts(sum.Billed + billed, sum.Effective + effective, until > sum.Until ? until : sum.Until);
        return true;
    }

    // Millions of rows name few accounts, services and resources.
    private string? Text(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (texts.TryGetValue(text, out var known))
        {
            return known;
        }

        if (texts.Count < MostCharges)
        {
            texts.Add(text, text);
        }

        return text;
    }

    private static string? Short(string? text) => FindingJson.Clean(text) is { } clean ? clean.Length > MostText ? clean[..MostText] : clean : null;

    private static decimal? Amount(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) && Math.Abs(amount) < MostAmount ? amount : null;

    private static DateOnly? Day(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year is >= 2000 and < 2200
            ? DateOnly.FromDateTime(time.UtcDateTime) : null;

    private static int Column(List<string> header, string name) => header.FindIndex(column => column.Equals(name, StringComparison.OrdinalIgnoreCase));

    private sealed record Columns(int Billed, int Effective, int Currency, int Start, int End, int Resource, int Service, int Account, int Region)
    {
        public Columns(List<string> header)
            : this(
                Column(header, "BilledCost"), Column(header, "EffectiveCost"), Column(header, "BillingCurrency"), Column(header, "ChargePeriodStart"), Column(header, "ChargePeriodEnd"),
                Column(header, "ResourceId"), Column(header, "ServiceName"), Column(header, "SubAccountId"), Column(header, "RegionId"))
        {
        }

        public static string? Of(List<string> row, int column) => column >= 0 && column < row.Count && row[column] is { Length: > 0 } text && text is not ("NULL" or "null") ? text : null;
    }
}
