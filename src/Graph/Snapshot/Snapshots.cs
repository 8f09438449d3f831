using System.Collections.Concurrent;
using System.Data.Common;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Snapshot;

/// <summary>Keeps each organisation's view of the graph as new as its record. Safe for concurrent use, and other processes share the folder.</summary>
/// <param name="folder">Where snapshots are published.</param>
/// <param name="time">The clock.</param>
internal sealed class Snapshots(string folder, TimeProvider time)
{
    private const int FewChanges = 500;
    private const int ShareOfChanges = 20;
    private static readonly TimeSpan LongDead = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Held> held = new(StringComparer.Ordinal);

    /// <summary>The graph as the connection's transaction sees it; null when a newer one is held than that: read again in a new transaction.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="organization">The organisation.</param>
    /// <param name="mayBeNewer">Whether to answer null; else the held one is taken for one of another record, and a new one is built.</param>
    public GraphView? At(DbConnection connection, string organization, bool mayBeNewer)
    {
        var record = new RecordReader(connection, organization);
        var (version, mark) = record.Newest();
        var own = held.GetOrAdd(organization, name => new Held(name));
        if (own.View is { } now && now.Version == version && now.Mark == mark && now.Snapshot.File.IsWhole)
        {
            return now;
        }

        lock (own.Gate)
        {
            var view = Newer(Whole(own), record, version, mark) ?? Newer(Opened(own), record, version, mark);
            if (view is null)
            {
                using var only = SnapshotLock.Acquire(PathOf(own), time);
                view = Newer(Opened(own), record, version, mark) ?? Built(own, record, version, mark);
            }

            if (view.Version > version)
            {
                if (mayBeNewer)
                {
                    return null;
                }

                view = Built(own, record, version, mark);
            }

            return own.View = view;
        }
    }

    /// <summary>The newest graph that can be had without the record; null when there is none.</summary>
    public GraphView? Last(string organization)
    {
        var own = held.GetOrAdd(organization, name => new Held(name));
        lock (own.Gate)
        {
            return own.View = Whole(own) ?? Opened(own);
        }
    }

    /// <summary>Throws the organisation's snapshot away, for it is damaged.</summary>
    public void Discard(string organization)
    {
        var own = held.GetOrAdd(organization, name => new Held(name));
        lock (own.Gate)
        {
            own.View = null;
            try
            {
                File.Delete(PathOf(own));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                own.IsDamaged = true;
            }
        }
    }

    private static GraphView? Whole(Held own) => own.View?.Snapshot.File.IsWhole is true ? own.View : null;

    private string PathOf(Held own) => SnapshotPublisher.PathOf(folder, own.Fingerprint);

    private GraphView? Opened(Held own) =>
        !own.IsDamaged && SnapshotFile.Open(PathOf(own), own.Fingerprint) is { } file ? new GraphView(new SnapshotReader(file), null, file.Head.Version, file.Head.Mark) : null;

    private GraphView Built(Held own, RecordReader record, long version, long mark)
    {
        SnapshotPublisher.Tidy(PathOf(own), time.GetUtcNow() - LongDead);
        var builder = record.Everything();
        var head = new SnapshotHead(own.Fingerprint, version, mark, time.GetUtcNow().ToUnixTimeMilliseconds(), record.AsOf(), builder.Count);
        var file = SnapshotPublisher.Publish(PathOf(own), head, builder.Build());
        own.IsDamaged = false;
        return new GraphView(new SnapshotReader(file), null, version, mark);
    }

    /// <summary>The view with what changed since it was taken; as it is when it is newer than the version; null when there is none, or what changed is unknown or too much.</summary>
    private static GraphView? Newer(GraphView? view, RecordReader record, long version, long mark)
    {
        if (view is null || view.Version > version || (view.Version == version && view.Mark == mark))
        {
            return view;
        }

        var most = Math.Max(FewChanges, view.Snapshot.Count / ShareOfChanges);
        if (record.Since(view.Version, view.Mark) is not { } since || since.Rows.Count + since.Relations.Count > most)
        {
            return null;
        }

        var overlay = OverlayReader.Renewed(view, since.Rows, since.Relations, record);
        return overlay.Nodes.Count + overlay.Related.Count > most || overlay.EdgeCount > 20 * most ? null : view with { Overlay = overlay, Version = version, Mark = mark };
    }

    private sealed class Held(string organization)
    {
        public Lock Gate { get; } = new();

        public UInt128 Fingerprint { get; } = Store.Fingerprint.Of(organization);

        public GraphView? View { get; set; }

        /// <summary>The file is damaged and cannot be deleted.</summary>
        public bool IsDamaged { get; set; }
    }
}
