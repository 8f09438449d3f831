using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.Facts;

/// <summary>
/// List prices of what costs most, in US dollars, from the table beside this file: by hour of an instance class or by gigabyte and month.
/// They tell a change of ten dollars from one of ten thousand; a bill is another thing.
/// </summary>
internal sealed class Prices
{
    private const decimal HoursOfMonth = 730;
    private readonly FrozenDictionary<string, decimal> hourly;
    private readonly FrozenDictionary<string, decimal> gigabyte;
    private readonly FrozenSet<string> free;

    private Prices(IReadOnlyList<string[]> rows)
    {
        hourly = Of("hour");
        gigabyte = Of("gigabyte");
        free = rows.Where(row => row[0] == "free").Select(row => row[1]).ToFrozenSet();

        FrozenDictionary<string, decimal> Of(string unit) => rows.Where(row => row[0] == unit).ToFrozenDictionary(row => row[1], row => decimal.Parse(row[2], CultureInfo.InvariantCulture));
    }

    /// <summary>As it is shipped.</summary>
    public static Prices Shipped { get; } = new([.. Read()]);

    /// <summary>What a resource costs a month; null when that is not known.</summary>
    public decimal? Monthly(string type, JsonObject? resource)
    {
        if (resource is null)
        {
            return null;
        }

        if (free.Contains(type))
        {
            return 0;
        }

        return type switch
        {
            "aws_instance" => Hourly("ec2", resource["instance_type"]),
            "aws_db_instance" or "aws_rds_cluster_instance" => Hourly("rds", resource["instance_class"]) * (Text(resource["multi_az"]) == "true" ? 2 : 1),
            "aws_elasticache_cluster" => Hourly("elasticache", resource["node_type"]) * Number(resource["num_cache_nodes"]),
            "aws_ebs_volume" => Gigabyte(resource["type"], resource["size"]),
            _ => Hourly(type, null),
        };
    }

    private decimal? Hourly(string kind, JsonNode? size) =>
        hourly.TryGetValue(size is null ? kind : $"{kind}:{Text(size)}", out var price) ? decimal.Round(price * HoursOfMonth, 2) : null;

    private decimal? Gigabyte(JsonNode? kind, JsonNode? size) =>
        gigabyte.TryGetValue($"ebs:{(kind is null ? "gp2" : Text(kind))}", out var price) && Number(size) is { } gigabytes ? decimal.Round(price * gigabytes, 2) : null;

    private static string Text(JsonNode? node) => node?.ToString() ?? "";

    private static decimal? Number(JsonNode? node) => decimal.TryParse(Text(node), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static IEnumerable<string[]> Read()
    {
        using var stream = typeof(Prices).Assembly.GetManifestResourceStream("McpInfra.Tools.Plans.Facts.prices.txt") ?? throw new InvalidOperationException("The table of prices is not in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            }
        }
    }
}
