namespace McpInfra.Tools.Plans;

/// <summary>The last drift report of each stack for its owner, to page on in: a hundred in all, each for fifteen minutes.</summary>
/// <param name="time">The clock.</param>
public sealed class DriftReports(TimeProvider time)
{
    private const int MostKept = 100;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, DriftReport> reports = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>The owner's last report, or null when there is none, or no longer.</summary>
    public DriftReport? Find(PlanRequest request)
    {
        lock (gate)
        {
            return reports.GetValueOrDefault(request.Key) is { } report && report.Time > time.GetUtcNow() - Life ? report : null;
        }
    }

    /// <summary>Keeps a report in place of the one before.</summary>
    public void Keep(PlanRequest request, DriftReport report)
    {
        lock (gate)
        {
            reports[request.Key] = report;
            foreach (var (key, _) in reports.OrderBy(one => one.Value.Time).Take(reports.Count - MostKept).ToList())
            {
                reports.Remove(key);
            }
        }
    }
}
