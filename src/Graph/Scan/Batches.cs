using System.Runtime.CompilerServices;
using System.Threading.Channels;
using McpInfra.Graph.Collectors;

namespace McpInfra.Graph.Scan;

/// <summary>Lets a collector go on while what it saw is worked on.</summary>
internal static class Batches
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>What was seen, in order, so much at a time, or what there is when the next comes after a second; at most so many batches wait.</summary>
    /// <exception cref="SourceException">As the collector's, after what it had seen.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<Observation>> ReadAsync(IAsyncEnumerable<Observation> seen, int size, int most, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        var batches = Channel.CreateBounded<IReadOnlyList<Observation>>(most);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = Task.Run(() => FillAsync(seen, size, batches.Writer, time, ending.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                yield return batch;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task FillAsync(IAsyncEnumerable<Observation> seen, int size, ChannelWriter<IReadOnlyList<Observation>> batches, TimeProvider time, CancellationToken stop)
    {
        var (batch, begun) = (new List<Observation>(size), time.GetTimestamp());
        try
        {
            await foreach (var observation in seen.WithCancellation(stop).ConfigureAwait(false))
            {
                batch.Add(observation);
                if (batch.Count == size || time.GetElapsedTime(begun) > Longest)
                {
                    await batches.WriteAsync(batch, stop).ConfigureAwait(false);
                    (batch, begun) = (new List<Observation>(size), time.GetTimestamp());
                }
            }

            if (batch.Count > 0)
            {
                await batches.WriteAsync(batch, stop).ConfigureAwait(false);
            }

            batches.TryComplete();
        }
        catch (Exception exception)
        {
            if (exception is SourceException && batch.Count > 0)
            {
                await batches.WriteAsync(batch, stop).ConfigureAwait(false);
            }

            batches.TryComplete(exception); // Thrown where the batches are read.
        }
    }
}
