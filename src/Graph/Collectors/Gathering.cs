using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace McpInfra.Graph.Collectors;

/// <summary>Reads many listings side by side into one bounded stream of observations.</summary>
internal static class Gathering
{
    private const int Bound = 1024;

    /// <summary>What <paramref name="read"/> writes; its exception is the stream's, and it is stopped when the stream is left.</summary>
    public static async IAsyncEnumerable<Observation> StreamAsync(Func<ChannelWriter<Observation>, CancellationToken, Task> read, [EnumeratorCancellation] CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var seen = Channel.CreateBounded<Observation>(Bound);
        var reading = Task.Run(() => ReadAsync(read, seen.Writer, ending.Token), CancellationToken.None);
        try
        {
            await foreach (var observation in seen.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                yield return observation;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false); // Does nothing to a reading that has ended.
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ReadAsync(Func<ChannelWriter<Observation>, CancellationToken, Task> read, ChannelWriter<Observation> seen, CancellationToken stop)
    {
        try
        {
            await read(seen, stop).ConfigureAwait(false);
            seen.TryComplete();
        }
        catch (Exception exception)
        {
            seen.TryComplete(exception); // Thrown where the stream is read.
        }
    }
}
