using McpInfra.Graph.Queries;
using McpInfra.Graph.Snapshot;
using McpInfra.Storage;

namespace McpInfra.Graph;

/// <summary>Reads the record and the snapshot that shows the same moment. Safe for concurrent use.</summary>
internal sealed class GraphAccess(Database database, string folder, TimeProvider time)
{
    private const int MostAttempts = 4;

    /// <summary>So long nobody waits again for a record that did not answer.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly Snapshots snapshots = new(folder, time);
    private long restUntil;

    private bool IsResting => time.GetUtcNow().UtcTicks < Volatile.Read(ref restUntil);

    /// <summary>Reads the record.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    public T Read<T>(string organization, Func<GraphReader, T> query) => Noticed(() => database.Read(connection => query(new GraphReader(connection, organization, time.GetUtcNow()))));

    /// <summary>Reads the record, or the snapshot while the record cannot be reached.</summary>
    public T ReadOr<T>(string organization, Func<GraphReader, T> query, Func<GraphView, T> without)
    {
        if (!IsResting)
        {
            try
            {
                return Read(organization, query);
            }
            catch (StoreUnavailableException) when (snapshots.Last(organization) is not null)
            {
                // The snapshot answers.
            }
        }

        return Without(organization, without, () => Read(organization, query));
    }

    /// <summary>Reads the graph's view with the record, or without it while that cannot be reached.</summary>
    public T View<T>(string organization, Func<Reading, T> query)
    {
        if (!IsResting)
        {
            try
            {
                return WithRecord(organization, query);
            }
            catch (StoreUnavailableException) when (snapshots.Last(organization) is not null)
            {
                // The snapshot answers.
            }
        }

        return Without(organization, view => query(new Reading(null, view)), () => WithRecord(organization, query));
    }

    private T WithRecord<T>(string organization, Func<Reading, T> query)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var (isRead, result) = Noticed(() => database.Read(connection =>
                {
                    if (snapshots.At(connection, organization, mayBeNewer: attempt < MostAttempts) is not { } view)
                    {
                        return (false, default(T));
                    }

                    var answer = query(new Reading(new GraphReader(connection, organization, time.GetUtcNow()), view));
                    view.Snapshot.File.KeepAlive();
                    return (true, answer);
                }));
                if (isRead)
                {
                    return result!;
                }
            }
            catch (SnapshotException) when (attempt < MostAttempts)
            {
                snapshots.Discard(organization);
            }
        }
    }

    private T Without<T>(string organization, Func<GraphView, T> query, Func<T> with)
    {
        if (snapshots.Last(organization) is not { } view)
        {
            return with();
        }

        var answer = query(view);
        view.Snapshot.File.KeepAlive();
        return answer;
    }

    private T Noticed<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (StoreUnavailableException)
        {
            Volatile.Write(ref restUntil, (time.GetUtcNow() + Rest).UtcTicks);
            throw;
        }
    }
}
