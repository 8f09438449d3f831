using System.Runtime.CompilerServices;
using System.Threading.Channels;
using McpInfra.Graph.Collectors;

namespace McpInfra.Graph.Scan;

/// <summary>Lets a collector go on while what it saw is prepared, several batches side by side, and worked on in order.</summary>
internal static class Batches
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>What was seen, in order, so much at a time, or what there is when the next comes after a second; at most so many batches wait.</summary>
    /// <exception cref="SourceException">As the collector's, after what it had seen.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(IAsyncEnumerable<Observation> seen, int size, int most, Func<IReadOnlyList<Observation>, T> prepare, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        var batches = Channel.CreateBounded<Task<T>>(most);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = Task.Run(() => FillAsync(seen, size, batch => batches.Writer.WriteAsync(Task.Run(() => prepare(batch), CancellationToken.None), ending.Token), batches.Writer, time, ending.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                yield return await batch.ConfigureAwait(false);
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task FillAsync<T>(IAsyncEnumerable<Observation> seen, int size, Func<IReadOnlyList<Observation>, ValueTask> add, ChannelWriter<T> batches, TimeProvider time, CancellationToken stop)
    {
        var (batch, begun) = (new List<Observation>(size), time.GetTimestamp());
        try
        {
            await foreach (var observation in seen.WithCancellation(stop).ConfigureAwait(false))
            {
                batch.Add(observation);
                if (batch.Count == size || time.GetElapsedTime(begun) > Longest)
                {
                    await add(batch).ConfigureAwait(false);
                    (batch, begun) = (new List<Observation>(size), time.GetTimestamp());
                }
            }

            if (batch.Count > 0)
            {
                await add(batch).ConfigureAwait(false);
            }

            batches.TryComplete();
        }
        catch (Exception exception)
        {
            if (exception is SourceException && batch.Count > 0)
            {
                await add(batch).ConfigureAwait(false);
            }

            batches.TryComplete(exception); // Thrown where the batches are read.
        }
    }
}
