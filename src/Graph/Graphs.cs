using System.Data.Common;
using McpInfra.Graph.Snapshot;
using McpInfra.Storage;

namespace McpInfra.Graph;

/// <summary>Opens the graph of an organisation. Safe for concurrent use.</summary>
/// <param name="database">Opened with <see cref="GraphSchema"/>.</param>
/// <param name="folder">Where snapshots are kept; it may be deleted at any time, and other processes may use it too.</param>
/// <param name="time">The clock.</param>
/// <param name="firstScan">Runs once, before the first answer, unless null; it has its own deadline and reports sources that fail by itself.</param>
public sealed class Graphs(Database database, string folder, TimeProvider time, Func<CancellationToken, Task>? firstScan = null)
{
    private static readonly TimeSpan LongestUntold = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly GraphAccess access = new(database, folder, time);
    private Task? scanned;

    /// <summary>The organisation's graph as it is stored, without waiting for a first scan.</summary>
    public ResourceGraph For(string organization) => new(access, organization);

    /// <summary>The organisation's graph after the first scan. Concurrent callers share one scan; one that gives up does not end it; one that threw is tried again by the next caller.</summary>
    public async ValueTask<ResourceGraph> OpenAsync(string organization, CancellationToken stop)
    {
        if (firstScan is not null)
        {
            await Scan().WaitAsync(stop);
        }

        return For(organization);
    }

    /// <summary>Brings the organisation's snapshot up to date whenever any server has changed the record, so that who asks next need not wait. Runs until it is stopped.</summary>
    public async Task FollowAsync(string organization, CancellationToken stop)
    {
        await using var notice = database.Watch(time);
        while (true)
        {
            var (seen, start) = (notice.Count, time.GetTimestamp());
            try
            {
                access.View(organization, _ => true);
            }
            catch (Exception exception) when (exception is DbException or IOException or SnapshotException or InvalidOperationException)
            {
                // The record cannot be reached or read now: the notice counts when it can be heard again, and whoever asks is told.
            }

            await Task.Delay(LeastPause + (4 * time.GetElapsedTime(start)), time, stop); // A scan that goes on announces often, and needs the processor too.
            await notice.WaitAsync(seen, LongestUntold, stop);
        }
    }

    private Task Scan()
    {
        lock (gate)
        {
            return scanned is null or { IsFaulted: true } or { IsCanceled: true } ? scanned = Task.Run(() => firstScan!(CancellationToken.None)) : scanned;
        }
    }
}
